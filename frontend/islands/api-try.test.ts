import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "./api-try.ts";

const template = `
<template id="api-try">
  <form>
    <div data-input hidden><label></label><input></div>
    <div data-body hidden><label></label><textarea></textarea></div>
    <p data-changes hidden></p>
    <button>Send</button>
    <p role="status"><code></code></p>
    <pre hidden><code></code></pre>
  </form>
</template>`;

function page(attributes: string): HTMLDetailsElement {
  document.body.innerHTML = `${template}<details><summary>x</summary><api-try ${attributes}></api-try></details>`;
  return document.querySelector("details")!;
}

async function open(details: HTMLDetailsElement): Promise<void> {
  details.open = true;
  details.dispatchEvent(new Event("toggle"));
  await Promise.resolve();
}

function submit(details: HTMLDetailsElement): void {
  details.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
}

const parameters = (...found: object[]) => JSON.stringify(found).replaceAll('"', "&quot;");
const slug = { name: "slug", place: "path", example: "oma-2027" };
const seed = { name: "seed", place: "query", example: "" };

beforeEach(() => {
  document.documentElement.lang = "sv";
});
afterEach(() => vi.unstubAllGlobals());

test("nothing is there before the description is opened", () => {
  const details = page(`data-parameters="[]"`);
  expect(details.querySelector("form")).toBeNull();
});

test("a parameter of the path and of the query stand in the address, an empty one does not", async () => {
  const fetch = vi.fn(async () => new Response('{"a":1}', { headers: { "content-type": "application/json" } }));
  vi.stubGlobal("fetch", fetch);
  const details = page(
    `data-operation="list" data-method="GET" data-path="/api/v1/processes/{slug}/proposals" data-slug="oma kaupunki" data-parameters="${parameters(slug, seed)}"`,
  );
  await open(details);
  expect(details.querySelector("textarea")).toBeNull();
  expect(details.querySelector<HTMLInputElement>("#list-slug")!.value).toBe("oma kaupunki");

  submit(details);
  await vi.waitFor(() => expect(details.querySelector("pre")!.hidden).toBe(false));

  const [address, sent] = fetch.mock.calls[0] as unknown as [string, RequestInit];
  expect(address).toBe("/api/v1/processes/oma%20kaupunki/proposals");
  expect(sent.headers).toEqual({ "Accept-Language": "sv" });
  expect(details.querySelector("pre")!.textContent).toContain('"a": 1');
  expect(details.querySelector("[role=status]")!.textContent).toContain("200");
});

test("what changes something carries its body and the proof of who is signed in", async () => {
  const fetch = vi.fn(async () => new Response(null, { status: 204 }));
  vi.stubGlobal("fetch", fetch);
  const details = page(
    `data-operation="lot" data-method="PUT" data-path="/api/v1/lot" data-parameters="[]" data-body='{"seed":"x"}'`,
  );
  document.body.insertAdjacentHTML("beforeend", '<form data-proof hidden><input value="proof"></form>');
  await open(details);
  expect(details.querySelector<HTMLElement>("[data-changes]")!.hidden).toBe(false);

  submit(details);
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled());

  const [, sent] = fetch.mock.calls[0] as unknown as [string, RequestInit];
  expect(sent.method).toBe("PUT");
  expect(sent.body).toBe('{"seed":"x"}');
  expect(sent.headers).toMatchObject({ "Content-Type": "application/json", "X-CSRF-Token": "proof" });
});
