// maker.tsx - who made or changed something: a member by name, for who may see it, anything else by its id.
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { memberQuery } from '../api/members';
import { useMay } from '../api/session';

const words: Record<string, string> = { token: 'management token', uid: 'on the host, uid', 'leak-desk': 'the leak desk', watch: 'the watch' };

function Id({ of: id }: { of: string }) {
  return <Text span ff="monospace" size="sm">{id}</Text>;
}

/** `by` as the API has it: "member:<id>", "token:<id>", "key:<id>", "uid:0", "leak-desk"; nothing where it is not known. */
export function Maker({ by }: { by: string | undefined }) {
  const [kind = '', id = ''] = (by ?? 'nobody known').split(':');
  if (kind === 'member') return <Member id={id} />;
  if (kind === 'key') return <>key <Anchor component={Link} href={`/keys/${encodeURIComponent(id)}`} inherit underline="always"><Id of={id} /></Anchor></>;
  if (by === 'uid:0') return <>root on the host</>;
  return <>{words[kind] ?? kind}{id !== '' && <> <Id of={id} /></>}</>;
}

function Member({ id }: { id: string }) {
  const maySee = useMay('members:read');
  const { data } = useQuery({ ...memberQuery(id), enabled: maySee, staleTime: 60_000 });
  if (!maySee) return <>member <Id of={id} /></>;
  const name = data?.name || data?.email;
  return <Anchor component={Link} href={`/members/${encodeURIComponent(id)}`} inherit underline="always">{name === undefined ? <Id of={id} /> : <bdi>{name}</bdi>}</Anchor>;
}
