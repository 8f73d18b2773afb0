// countries.tsx - requests by the country that they came from; where no file tells countries, how one is set up.
import { Code, Text } from '@mantine/core';
import type { Usage } from '../api/usage';
import { Shares } from './shares';

const words: Record<string, string> = { unknown: 'Not known', other: 'All others' };
const names = new Intl.DisplayNames(['en'], { type: 'region' });

export function Countries({ usage: { countries, places } }: { usage: Usage }) {
  if (countries.length > 0) return <Shares head="Country" of={countries.map(({ country, allowed, denied }) => ({ id: country, what: words[country] ?? names.of(country), allowed, denied }))} />;
  if (places) return <Text c="dimmed">No request on these days.</Text>;
  return <Text c="dimmed">Countries are not known: no location file is set up. With <Code>location_country_file</Code> in keyward.yaml they are counted from then on.</Text>;
}
