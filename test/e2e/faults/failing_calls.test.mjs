// failing_calls.test.mjs - the k-th open, write, fsync… of keyward serve and of keyward init fails. `make check` tries a few;
// FAULTS=all, as `make faults` sets it, each up to the last one that is reached, at most so many.
import { test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { KEY, makeFolder, run } from "../lib/installation.mjs";
import { FAILURES, planOf, Trials } from "../lib/trials.mjs";

const ALL = process.env.FAULTS === "all", MOST = Number(process.env.FAULTS_MOST ?? 25);
const SAMPLE = { start: [1, 6], work: [1] };

function* places(phase, errors) {
  for (const error of ALL ? errors : errors.slice(0, 1))
    yield { error, at: ALL ? Array.from({ length: MOST }, (_, i) => i + 1) : SAMPLE[phase] };
}

/** tried, and what was lost: the first complaints. */
async function tryAll(phase, kind, errors) {
  let trials = await Trials.make(), tried = 0;
  const lost = [];
  for (const { error, at } of places(phase, errors))
    for (const k of at) {
      try {
        if (!(await trials.trial(phase, kind, k, error))) break;
      } catch (problem) {
        lost.push(`${kind} ${k} ${error}: ${problem.message}`);
      }
      tried++;
      if (lost.length === 0 && tried % 20 !== 0) continue;
      await trials.k.end("SIGKILL");
      await trials.stop();
      if (lost.length > 3) return { tried, lost };
      trials = await Trials.make();
    }
  await trials.stop();
  return { tried, lost };
}

const ONLY_AT_START = ["fallocate", "mmap"];
for (const phase of ["start", "work"])
  for (const [kind, errors] of Object.entries(FAILURES).filter(([kind]) => phase === "start" || !ONLY_AT_START.includes(kind)))
    test(`X4_serve_survives_a_${kind}_that_fails_at_${phase}`, async (t) => {
      const { tried, lost } = await tryAll(phase, kind, errors);
      t.diagnostic(`fault | X4 serve, at ${phase}: ${kind} ${errors.join(" ")} | ${tried} | ${tried - lost.length} | ${lost.length}`);
      assert.deepEqual(lost, []);
      assert.ok(tried > 0, "it was never reached");
    });

/** init either makes all of it, or says what is wrong; what it left does not keep a second one from being right. */
async function initOnce(kind, at, error) {
  const folder = await makeFolder(), dir = path.join(folder, "k"), trigger = path.join(folder, "trigger");
  await fs.writeFile(trigger, "");
  const first = await run(["init", "--dir", dir], { env: planOf(kind, at, error, trigger) });
  const reached = await fs.access(trigger).then(() => false, () => true);
  assert.notEqual(first.code, null, "init has crashed");
  if (first.code !== 0) assert.match(first.stderr, /keyward/);
  const again = await run(["init", "--dir", dir]);
  assert.ok(again.code === 0 || again.stderr !== "", "init is silent");
  const made = first.code === 0 || again.code === 0;
  if (!made) await fs.rm(dir, { recursive: true });
  if (!made) assert.equal((await run(["init", "--dir", dir])).code, 0, "in a new folder it must work");
  assert.deepEqual((first.stderr + again.stderr).match(KEY), null);
  await fs.rm(folder, { recursive: true });
  return reached;
}

test("X4_init_survives_a_call_that_fails", async (t) => {
  let tried = 0;
  for (const [kind, errors] of Object.entries(FAILURES))
    for (const { error, at } of places("start", errors)) for (const k of at) if (await initOnce(kind, k, error)) tried++;
  t.diagnostic(`fault | X4 init: any call that fails | ${tried} | ${tried} | 0`);
  assert.ok(tried > 5);
});
