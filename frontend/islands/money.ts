/** Whole euros as the page writes them: 36 000 € · €36,000, with a no-break space and a real minus. */
export function money(cents: number, language: string): string {
  const locale = language === "en" ? "en-IE" : `${language}-FI`;
  const euros = new Intl.NumberFormat(locale, { style: "currency", currency: "EUR", maximumFractionDigits: 0 });
  const whole = Math.sign(cents) * Math.round(Math.abs(cents) / 100) + 0; // half away from zero, and never −0
  return euros.format(whole).replaceAll(/[\u202f\s]/g, "\u00a0").replace("-", "\u2212");
}

/** A change, with its plus too. */
export function signed(cents: number, language: string, plus = "+"): string {
  return `${cents >= 50 ? plus : ""}${money(cents, language)}`;
}
