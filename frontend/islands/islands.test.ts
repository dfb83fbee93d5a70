import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import "./copy-text.ts";
import { remaining } from "./field-counter.ts";
import { addressOf } from "./filter-form.ts";
import "./focus-on-load.ts";
import "./similar-proposals.ts";

let server: Server | undefined;

/** As a browser does it: the islands wake when the whole page stands. */
function open(html: string): void {
  const page = document.createElement("div");
  page.innerHTML = html;
  document.body.replaceChildren(page);
}

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(`${origin}/fi/`);
  return origin;
}

afterEach(() => {
  server?.close();
  server = undefined;
  document.body.replaceChildren();
});

describe("focus-on-load", () => {
  it("brings the focus to the error summary", () => {
    open('<focus-on-load><div id="errors"></div></focus-on-load>');
    expect(document.activeElement?.id).toBe("errors");
  });
});

describe("field-counter", () => {
  it("says what is left, and what is too much", () => {
    expect(remaining(15, 20, "Merkkejä jäljellä: {n}", "Merkkejä liikaa: {n}")).toBe("Merkkejä jäljellä: 5");
    expect(remaining(23, 20, "Merkkejä jäljellä: {n}", "Merkkejä liikaa: {n}")).toBe("Merkkejä liikaa: 3");
  });

  it("counts characters as the server does, so that an emoji is one", () => {
    open(`<field-counter data-limit="10" data-left="{n} left" data-over="{n} over">
      <textarea>🌳🌳</textarea><p data-counter></p></field-counter>`);
    expect(document.querySelector("[data-counter]")!.textContent).toBe("8 left");
    const field = document.querySelector("textarea")!;
    field.value = "Puita rantaan!";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    expect(document.querySelector("[data-counter]")!.textContent).toBe("4 over");
  });
});

describe("copy-text", () => {
  it("shows its button only with script, copies the code and says so", async () => {
    const copied: string[] = [];
    vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => void copied.push(text));
    open(`<copy-text data-done="Kopioitu"><strong data-copy>7K2M 9QXD</strong>
      <button type="button" hidden>Kopioi</button><span role="status"></span></copy-text>`);
    const button = document.querySelector("button")!;
    expect(button.hidden).toBe(false);
    button.click();
    await vi.waitFor(() => expect(document.querySelector("[role=status]")!.textContent).toBe("Kopioitu"));
    expect(copied).toEqual(["7K2M 9QXD"]);
  });
});

describe("filter-form", () => {
  const form = (action: string) => `
    <filter-form><form action="${action}"><input name="q" value="silta"><input name="seed" value="">
      <input type="checkbox" name="area" value="2"><input type="checkbox" name="area" value="3"></form></filter-form>
    <h1 data-results>3 ehdotusta</h1><div data-results>vanhat</div>`;

  it("leaves out what is empty", () => {
    open(form("http://127.0.0.1/fi/list"));
    document.querySelectorAll<HTMLInputElement>("[name=area]").forEach((box) => (box.checked = true));
    expect(addressOf(document.querySelector("form")!)).toBe("http://127.0.0.1/fi/list?q=silta&area=2&area=3");
  });

  it("replaces the results when a box is ticked, keeps the focus and never acts while one types", async () => {
    const asked: string[] = [];
    const origin = await serve((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(200, { "Content-Type": "text/html" });
      response.end("<h1 data-results>1 ehdotus</h1><div data-results><p>uusi</p></div>");
    });
    open(form(`${origin}/fi/list`));
    const text = document.querySelector<HTMLInputElement>("[name=q]")!;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.dispatchEvent(new Event("change", { bubbles: true }));
    const box = document.querySelector<HTMLInputElement>("[name=area]")!;
    box.focus();
    box.click();
    await vi.waitFor(() => expect(document.querySelector("div[data-results]")!.innerHTML).toBe("<p>uusi</p>"));
    expect(document.querySelector("h1")!.textContent).toBe("1 ehdotus");
    expect(asked).toEqual(["/fi/list?q=silta&area=2"]);
    expect(document.activeElement).toBe(box);
  });

  it("sends the form when the page cannot be had", async () => {
    const origin = await serve((_request, response) => void response.writeHead(503).end());
    open(form(`${origin}/fi/list`));
    const submit = vi.spyOn(document.querySelector("form")!, "submit").mockImplementation(() => undefined);
    document.querySelector<HTMLInputElement>("[name=area]")!.click();
    await vi.waitFor(() => expect(submit).toHaveBeenCalledOnce());
  });
});

describe("similar-proposals", () => {
  it("asks when the writing pauses, links what was found and says how many", async () => {
    const asked: string[] = [];
    const origin = await serve((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify([{ number: 142, title: "Valoa <b>rantaan</b>" }]));
    });
    open(`<input id="title">
      <similar-proposals data-field="title" data-address="${origin}/similar" data-page="/fi/proposals/{number}" data-found="Löytyi: {n}">
        <section data-similar hidden><ul></ul></section><p role="status"></p></similar-proposals>`);
    const field = document.querySelector("input")!;
    for (const title of ["Valoa", "Valoa uima", "Valoa uimarannalle"]) {
      field.value = title;
      field.dispatchEvent(new Event("input"));
    }
    const section = document.querySelector<HTMLElement>("[data-similar]")!;
    await vi.waitFor(() => expect(section.hidden).toBe(false), 3000);
    expect(asked).toEqual(["/similar?title=Valoa+uimarannalle"]);
    const link = section.querySelector("a")!;
    expect(link.getAttribute("href")).toBe("/fi/proposals/142");
    expect(link.textContent).toBe("Valoa <b>rantaan</b>");
    expect(document.querySelector("[role=status]")!.textContent).toBe("Löytyi: 1");
  });
});
