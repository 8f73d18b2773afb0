// exposition.mjs - reads Prometheus' text format 0.0.4, strictly: what it does not know is an error.
import assert from "node:assert/strict";

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/, LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const TYPES = ["counter", "gauge", "histogram"];

function readLabels(text, line) {
  const labels = {};
  let at = 0;
  while (at < text.length) {
    const m = /^([^=]+)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/.exec(text.slice(at));
    assert.ok(m && LABEL.test(m[1]) && !(m[1] in labels), line);
    labels[m[1]] = m[2].replace(/\\([\\"n])/g, (_, c) => (c === "n" ? "\n" : c));
    at += m[0].length;
    assert.ok(m[3] === "" || at < text.length, `a comma too many: ${line}`);
  }
  return labels;
}

function readSample(line) {
  const m = /^([^ {]+)(?:\{(.*)\})? (\+Inf|-Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line);
  assert.ok(m && NAME.test(m[1]), `no sample: ${line}`);
  return { name: m[1], labels: readLabels(m[2] ?? "", line), value: Number(m[3].replace("Inf", "Infinity")) };
}

/** Whether a sample may stand below the metric that was begun last. */
function belongs(sample, metric) {
  const suffixes = metric.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
  return suffixes.some((suffix) => sample.name === metric.name + suffix);
}

function checkHistogram(metric) {
  const buckets = metric.samples.filter(({ name }) => name.endsWith("_bucket"));
  const bounds = buckets.map(({ labels }) => Number(labels.le.replace("Inf", "Infinity"))), counts = buckets.map(({ value }) => value);
  assert.equal(bounds.at(-1), Infinity);
  const rises = (list) => list.every((value, i) => i === 0 || value >= list[i - 1]);
  assert.ok(rises(bounds) && new Set(bounds).size === bounds.length && rises(counts), metric.name);
  assert.equal(metric.samples.find(({ name }) => name.endsWith("_count")).value, counts.at(-1));
}

function check(metric) {
  assert.ok(metric.samples.length > 0, `${metric.name} has no samples`);
  const names = metric.samples.map(({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort()]));
  assert.equal(new Set(names).size, names.length, `${metric.name}: a sample stands there twice`);
  if (metric.type === "counter") assert.match(metric.name, /_total$/);
  if (metric.type !== "gauge") assert.ok(metric.samples.every(({ value }) => value >= 0), metric.name);
  if (metric.type === "histogram") checkHistogram(metric);
}

/** A map from a metric's name to {name, type, help, samples: [{name, labels, value}]}. */
export function readExposition(text) {
  const metrics = new Map();
  let metric;
  assert.ok(text.endsWith("\n"), "the last line has no end");
  for (const line of text.slice(0, -1).split("\n")) {
    const [, what, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (what === "HELP") {
      assert.ok(NAME.test(name) && !metrics.has(name), `twice: ${line}`);
      metrics.set(name, (metric = { name, help: rest, samples: [] }));
    } else if (what === "TYPE") {
      assert.ok(metric?.name === name && metric.type === undefined && TYPES.includes(rest), line);
      metric.type = rest;
    } else {
      const sample = readSample(line);
      assert.ok(metric?.type !== undefined && belongs(sample, metric), `not below its metric: ${line}`);
      metric.samples.push(sample);
    }
  }
  metrics.forEach(check);
  return metrics;
}

/** The value of the one sample whose labels are these. */
export function valueOf(metrics, name, labels = {}) {
  const found = metrics.get(name)?.samples.filter((sample) =>
    sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value));
  assert.equal(found?.length, 1, `${name} ${JSON.stringify(labels)}: ${found?.length} samples`);
  return found[0].value;
}
