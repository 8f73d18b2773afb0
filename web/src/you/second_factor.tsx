// second_factor.tsx - the one-time password of an app: on or off, and what is left of the codes on paper.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { offerTotp, renewRecoveryCodes, sessionsQuery, type RecoveryCodes, type TotpOffer } from '../api/me';
import { enter, useSession } from '../api/session';
import { Failed } from '../parts/states';
import { Tag } from '../parts/tag';
import { Codes } from './codes';
import { SetUp } from './set_up';

const FEW = 3;

export function SecondFactor() {
  const queries = useQueryClient();
  const { totp } = useSession().member;
  const [offer, setOffer] = useState<TotpOffer | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const took = ({ recoveryCodes, session }: RecoveryCodes) => {
    enter(queries, session);
    setOffer(null);
    setCodes(recoveryCodes);
    void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  };
  const begin = useMutation({ mutationFn: async () => setOffer(await offerTotp()) });
  return (
    <Stack>
      <Group gap="sm"><Tag tone={totp ? 'good' : 'open'}>{totp ? 'On' : 'Off'}</Tag></Group>
      {!totp && <Text>Whoever finds your password then comes in with nothing. You need an authenticator app on your phone.</Text>}
      {begin.error !== null && <Failed error={begin.error} />}
      <div><Button variant={totp ? 'default' : 'filled'} loading={begin.isPending} onClick={() => begin.mutate()}>{totp ? 'Set up another app' : 'Set up an app'}</Button></div>
      {totp && <OnPaper onRenewed={took} />}
      {offer !== null && <SetUp offer={offer} onDone={took} onClose={() => setOffer(null)} again={() => begin.mutate()} />}
      {codes !== null && <Codes codes={codes} onClose={() => setCodes(null)} />}
    </Stack>
  );
}

function OnPaper({ onRenewed }: { onRenewed: (codes: RecoveryCodes) => void }) {
  const left = useSession().member.recoveryCodes;
  const renew = useMutation({ mutationFn: async () => onRenewed(await renewRecoveryCodes()) });
  const said = left === 0 ? 'No recovery code is left.' : left === 1 ? '1 recovery code is left.' : `${left} recovery codes are left.`;
  return (
    <Stack>
      {left <= FEW ? <Alert color="ochre" title={said}>Without a code and without your phone you cannot come in. Make new ones while you can.</Alert> : <Text>{said}</Text>}
      {renew.error !== null && <Failed error={renew.error} />}
      <div><Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>Make new recovery codes</Button></div>
      <Text size="sm" c="dimmed">New ones take the place of all others.</Text>
    </Stack>
  );
}
