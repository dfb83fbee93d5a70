import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import "./ballot-box.ts";

interface Answer {
  status: number;
  body: unknown;
  hold?: Promise<void>;
}

let server: Server;
let answers: Answer[];
let posted: { accept: string; body: string }[];

const stored = (numbers: number[]): Answer => ({
  status: 200,
  body: {
    projects: numbers.map((number) => ({ number, title: `Ehdotus ${number}`, cost: "21 000 €" })),
    totals: { selected: numbers.length, spent: numbers.length * 21_000_00, most: 5, budget: 120_000_00 },
    announcement: `Valittu ${numbers.length}/5.`,
  },
});

beforeEach(async () => {
  answers = [];
  posted = [];
  server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    posted.push({ accept: request.headers.accept ?? "", body });
    const answer = answers.shift() ?? { status: 500, body: {} };
    await answer.hold;
    response.writeHead(answer.status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fi/ballot`;
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(address);
  document.documentElement.lang = "fi";
  const page = document.createElement("div");
  page.innerHTML = `
    <ballot-box data-add="Valitse" data-remove="Poista valinta" data-differed="Valintasi olivat muuttuneet.">
      <form method="post" action="${address}">
        <input type="hidden" name="csrf" value="proof">
        <ul>
          ${[1, 2].map((number) => `
            <li class="p-row" id="p${number}" data-cost="2100000">
              <button name="add" value="${number}"><svg><use href="/icons.svg#add"></use></svg> <span data-text>Valitse</span></button>
            </li>`).join("")}
        </ul>
        <aside data-totals='{"selected":0,"spent":0,"most":5,"budget":12000000}' data-text="Valittu {selected}/{most} · {left}" data-over="Ylitys {over}">
          <div><h2>Valintasi</h2><ul data-list></ul>
          <template data-item><li><span data-title></span> <span data-cost></span> <button name="remove">Poista</button></li></template></div>
          <a href="#review">Tarkista</a>
          <div class="p-meter"><p>Valittu 0/5</p><svg><rect class="p-meter__full" width="0%"></rect></svg></div>
        </aside>
      </form>
      <p role="status" data-announcement></p>
    </ballot-box>`;
  document.body.replaceChildren(page);
});

afterEach(() => {
  vi.useRealTimers();
  server.close();
});

const row = (number: number) => document.querySelector<HTMLElement>(`#p${number}`)!;
const button = (number: number) => row(number).querySelector("button")!;
const bar = () => document.querySelector(".p-meter p")!.textContent;

it("shows a press at once, before the server has answered", async () => {
  answers.push(stored([1]));
  button(1).click();
  expect(row(1).hasAttribute("data-chosen")).toBe(true);
  expect(button(1).name).toBe("remove");
  expect(button(1).textContent).toContain("Poista valinta");
  expect(button(1).querySelector("use")!.getAttribute("href")).toBe("/icons.svg#remove");
  expect(bar()).toBe("Valittu 1/5 · 99\u00a0000\u00a0€");
  await vi.waitFor(() => expect(document.querySelectorAll("[data-list] li")).toHaveLength(1));
});

it("posts the form with the pressed button and asks for JSON", async () => {
  answers.push(stored([2]));
  button(2).click();
  await vi.waitFor(() => expect(posted).toHaveLength(1));
  expect(posted[0]!.accept).toBe("application/json");
  expect(posted[0]!.body).toMatch(/name="csrf"\s+proof/);
  expect(posted[0]!.body).toMatch(/name="add"\s+2/);
});

it("keeps the focus on the button and says the stored state in one sentence", async () => {
  answers.push(stored([1]));
  button(1).focus();
  button(1).click();
  const announcement = document.querySelector("[data-announcement]")!;
  await vi.waitFor(() => expect(announcement.textContent).toBe("Valittu 1/5."), 3000);
  expect(document.activeElement).toBe(button(1));
});

it("shows what the server has where another window had changed it, and says so", async () => {
  answers.push(stored([2]));
  button(1).click();
  await vi.waitFor(() => expect(row(2).hasAttribute("data-chosen")).toBe(true));
  expect(row(1).hasAttribute("data-chosen")).toBe(false);
  const announcement = document.querySelector("[data-announcement]")!;
  await vi.waitFor(() => expect(announcement.textContent).toBe("Valintasi olivat muuttuneet. Valittu 1/5."), 3000);
});

it("does not let an early answer undo a later press", async () => {
  let release = () => {};
  answers.push(stored([1]), { ...stored([1, 2]), hold: new Promise((resolve) => (release = resolve)) });
  button(1).click();
  button(2).click();
  await vi.waitFor(() => expect(posted).toHaveLength(2));
  expect(row(2).hasAttribute("data-chosen")).toBe(true);
  release();
  await vi.waitFor(() => expect(document.querySelectorAll("[data-list] li")).toHaveLength(2));
});

it("follows a link when the choices are stored, not before", async () => {
  let release = () => {};
  answers.push({ ...stored([1]), hold: new Promise((resolve) => (release = resolve)) });
  const link = document.querySelector("a")!;
  const followed = vi.fn();
  link.addEventListener("click", (event) => queueMicrotask(() => event.defaultPrevented || followed()));
  button(1).click();
  await vi.waitFor(() => expect(posted).toHaveLength(1));
  link.click();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(followed).not.toHaveBeenCalled();
  release();
  await vi.waitFor(() => expect(followed).toHaveBeenCalledOnce());
});

it("lists the chosen ones, and their buttons remove them", async () => {
  answers.push(stored([1]), stored([]));
  button(1).click();
  await vi.waitFor(() => expect(document.querySelector("[data-list]")!.textContent).toContain("Ehdotus 1"));
  const remove = document.querySelector<HTMLButtonElement>("[data-list] button")!;
  remove.focus();
  remove.click();
  await vi.waitFor(() => expect(document.querySelectorAll("[data-list] li")).toHaveLength(0));
  expect(posted[1]!.body).toMatch(/name="remove"\s+1/);
  expect(row(1).hasAttribute("data-chosen")).toBe(false);
  expect(document.activeElement).toBe(document.querySelector("h2"));
});

it("sends the form as without script when the press was refused", async () => {
  answers.push({ status: 422, body: { title: "Voit valita enintään 5." } });
  const sent: string[] = [];
  document.querySelector("form")!.addEventListener("submit", (event) => {
    const pressed = (event as SubmitEvent).submitter as HTMLButtonElement;
    if (!event.defaultPrevented && pressed.hidden) sent.push(`${pressed.name}=${pressed.value}`);
    event.preventDefault();
  });
  button(1).click();
  await vi.waitFor(() => expect(sent).toEqual(["add=1"]));
});
