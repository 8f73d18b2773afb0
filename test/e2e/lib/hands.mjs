// hands.mjs - what a person does on a page of the dashboard, in his words: what he presses, follows, types and sees.
import { PASSWORD } from "./people.mjs";

export const press = (place, name) => place.getByRole("button", { name, exact: true }).click();
export const follow = (place, name) => place.getByRole("link", { name, exact: true }).click();
export const choose = (place, name) => place.getByRole("radio", { name }).click();
export const password = (place) => place.getByLabel(/^Password/);

/** The headline of a page, which says where one is. */
export const headline = (page, name) => page.getByRole("heading", { level: 1, name });
export const dialog = (page, name) => page.getByRole("dialog", { name });

export async function signIn(page, email, typed = PASSWORD) {
  await page.getByLabel("E-mail").fill(email);
  await password(page).fill(typed);
  await press(page, "Sign in");
}

export async function typeCode(place, label, code) {
  await place.getByLabel(label).fill(code);
  await press(place, "Go on");
}

/** Makes a key on the form of /keys/new, on which the page is; answers its text. */
export async function makeKey(page, name) {
  await page.getByLabel(/^Name/).fill(name);
  await page.getByRole("button", { name: /^Create (sandbox|production) key$/ }).click();
  return page.getByLabel("The whole key").textContent();
}

/** What is on the clipboard of a context that may read it. */
export const clipboardOf = (page) => page.evaluate(() => navigator.clipboard.readText());
export const CLIPBOARD = ["clipboard-read", "clipboard-write"];
