// agent.ts - a browser's line about itself, in plain words.

const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
];
const systems: [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
];

const first = (words: [RegExp, string][], text: string) => words.find(([shape]) => shape.test(text))?.[1];

/** "Firefox on Linux"; the line itself where it says neither. The API keeps its first 64 characters, which often lack the browser. */
export function agentName(agent: string): string {
  const browser = first(browsers, agent);
  const system = first(systems, agent);
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  return system === undefined ? agent || 'Unknown' : `A browser on ${system}`;
}
