// second_factor.test.mjs - the second factor on one's own page: set up with an app, and the door asks for it from then on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, headline, press, signIn, typeCode } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { codeOf } from "../lib/people.mjs";

let dashboard;
before(async () => {
  dashboard = await startDashboard();
});
after(() => dashboard.stop());

const member = (name) => dashboard.member({ email: `${name}@shop.example`, role: "developer" });

test("an_app_is_set_up_its_codes_are_shown_once_and_the_door_asks_for_it", async (t) => {
  const anna = await member("anna");
  const page = await dashboard.visit(t, { as: anna, at: "/you" });
  await press(page, "Set up an app");
  const setUp = dialog(page, "Set up an authenticator app");
  const secret = (await setUp.getByLabel("The secret as text").textContent()).replaceAll(" ", "");
  await setUp.getByLabel(/code/i).fill(codeOf(secret, -1));
  await press(setUp, "Turn on");
  const codes = dialog(page, "Your recovery codes");
  const first = await codes.getByRole("listitem").first().textContent();
  await press(codes, "Done");
  await codes.getByText("have not been copied or printed").waitFor();
  await press(codes, "I have written them down");
  await codes.waitFor({ state: "hidden" });
  assert.ok(!(await page.content()).includes(first));
  assert.ok(!(await page.content()).includes(secret));
  const door = await dashboard.visit(t, { at: "/keys" });
  await signIn(door, anna.email ?? "anna@shop.example");
  await typeCode(door, /code/i, codeOf(secret));
  await headline(door, "Keys").waitFor();
});

test("the_dialog_of_an_app_looks_right_to_everybody", async (t) => {
  const bert = await member("bert");
  await assertFine(dashboard, t, "set up an app", bert, async (page) => {
    await page.goto(`${dashboard.origin}/you`);
    await press(page, "Set up an app");
    await dialog(page, "Set up an authenticator app").waitFor();
  });
});
