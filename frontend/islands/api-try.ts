/**
 * A form to try an operation of the API: made of `#api-try` when its description is opened. Sends as the visitor who is signed in
 * here, or as nobody.
 */
interface Parameter {
  name: string;
  place: "path" | "query" | "header" | "cookie";
  example: string;
}

const longest = 20_000;

class ApiTry extends HTMLElement {
  connectedCallback(): void {
    const details = this.closest("details");
    if (!details) return;
    if (details.open) this.build();
    else details.addEventListener("toggle", () => this.build(), { once: true });
  }

  private build(): void {
    const template = document.querySelector<HTMLTemplateElement>("template#api-try");
    if (!template || this.childElementCount) return;
    this.append(template.content.cloneNode(true));
    const model = this.querySelector<HTMLElement>("[data-input]")!;
    for (const parameter of this.parameters()) {
      const field = model.cloneNode(true) as HTMLElement;
      const input = field.querySelector("input")!;
      input.name = parameter.name;
      input.value = parameter.name === "slug" ? (this.dataset["slug"] ?? "") : String(parameter.example);
      this.label(field, input, parameter.name);
      model.before(field);
    }
    model.remove();
    const body = this.querySelector<HTMLElement>("[data-body]")!;
    if (this.dataset["body"]) {
      const area = body.querySelector("textarea")!;
      area.value = this.dataset["body"];
      this.label(body, area);
    } else {
      body.remove();
    }
    this.querySelector<HTMLElement>("[data-changes]")!.hidden = this.method === "GET";
    this.querySelector("form")!.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  private label(field: HTMLElement, input: HTMLInputElement | HTMLTextAreaElement, text?: string): void {
    const label = field.querySelector("label")!;
    input.id = `${this.dataset["operation"]}-${input.name || "body"}`;
    label.htmlFor = input.id;
    if (text) label.textContent = text;
    field.hidden = false;
  }

  private get method(): string {
    return this.dataset["method"] ?? "GET";
  }

  private parameters(): Parameter[] {
    return JSON.parse(this.dataset["parameters"] ?? "[]") as Parameter[];
  }

  private value(name: string): string {
    return this.querySelector<HTMLInputElement>(`input[name="${CSS.escape(name)}"]`)?.value.trim() ?? "";
  }

  private address(): string {
    let path = this.dataset["path"] ?? "";
    const query = new URLSearchParams();
    for (const { name, place } of this.parameters()) {
      const value = this.value(name);
      if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
      else if (place === "query" && value) query.set(name, value);
    }
    return query.size ? `${path}?${query}` : path;
  }

  private async send(): Promise<void> {
    const status = this.querySelector<HTMLElement>("[role=status] code")!;
    const answer = this.querySelector<HTMLElement>("pre")!;
    const body = this.querySelector("textarea")?.value;
    const proof = document.querySelector<HTMLInputElement>("form[data-proof] input")?.value;
    const headers: Record<string, string> = { "Accept-Language": document.documentElement.lang };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (proof && this.method !== "GET") headers["X-CSRF-Token"] = proof;
    try {
      const response = await fetch(this.address(), { method: this.method, headers, body: body ?? null });
      const text = await response.text();
      status.textContent = `${this.method} ${this.address()} → ${response.status} ${response.headers.get("content-type") ?? ""}`;
      answer.querySelector("code")!.textContent = readable(text);
      answer.hidden = !text;
    } catch (error) {
      status.textContent = String(error);
      answer.hidden = true;
    }
  }
}

/** JSON with line breaks; anything else as it came. A long answer is cut. */
function readable(text: string): string {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // not JSON
  }
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}

customElements.define("api-try", ApiTry);
