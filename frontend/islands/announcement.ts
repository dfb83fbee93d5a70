/** A polite live region that speaks once, when the changes pause. */
export function announcer(region: Element | null, pause = 700): (sentence: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (sentence) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (region) region.textContent = sentence;
    }, pause);
  };
}
