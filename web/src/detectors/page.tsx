// page.tsx - the settings of the watch: what each detector looks for, and what an account has chosen of it.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Refusal } from '../api/problem';
import { useMay, useSession } from '../api/session';
import { thresholdsQuery, usePutThresholds, type Thresholds } from '../api/thresholds';
import { AccountSelect } from '../parts/account_select';
import { useInAddress } from '../parts/in_address';
import { Page } from '../parts/page';
import { Coming, Failed } from '../parts/states';
import { Card } from '../parts/table';
import { draftOf, isRight, isSame, toApi, type Drafts } from './draft';
import { Detector } from './one';
import classes from './page.module.css';

const allowed = { account: 'any' } as const;

/** Who sees all chooses for the installation, or for an account; everybody else looks at his own. */
export default function DetectorsPage() {
  const [asked, ask] = useInAddress<'account'>(allowed);
  const operates = useMay('operate');
  const { member } = useSession();
  const seesAll = useMay('accounts:read');
  const account = (seesAll ? asked.account : undefined) ?? (operates ? '' : member.account);
  const { data, error, refetch } = useQuery(thresholdsQuery(account));
  return (
    <Page title="Detectors" lead="What the watch looks for, how grave it is, and what is done about it.">
      <AccountSelect label="Account" all="The whole installation" value={account} onChange={(to) => ask({ account: to })} />
      {seesAll && <Text size="sm" c="dimmed">{account === '' ? 'For what is found of no account: addresses that fail, this host. Each account chooses for its own keys.' : 'For what is found of this account and its keys.'}</Text>}
      <Text size="sm" c="dimmed">A key can be held back only for what nobody without its present secret can bring about. Of all else people are told, and so they are of what came with an access token.</Text>
      {data !== undefined && <Rules key={`${account} ${data.version}`} of={data} account={account} reload={() => void refetch()} />}
      {data === undefined && (error === null ? <Coming rows={10} what="Loading the detectors" /> : <Failed error={error} retry={() => void refetch()} />)}
    </Page>
  );
}

/* Give it the version as key: what was saved, by whomever, is what it begins with. */
function Rules({ of: { version, detectors }, account, reload }: { of: Thresholds; account: string; reload: () => void }) {
  const mayWrite = useMay(account === '' ? 'operate' : 'account:write');
  const [drafts, setDrafts] = useState<Drafts>(() => Object.fromEntries(detectors.map((rule) => [rule.detector, draftOf(rule)])));
  const put = usePutThresholds(account);
  const shown = detectors.filter(({ ofAccounts }) => account === '' || ofAccounts);
  const drawn = shown.map((rule) => ({ rule, draft: drafts[rule.detector] ?? draftOf(rule) }));
  const changed = drawn.filter(({ rule, draft }) => !isSame(draft, draftOf(rule))).length;
  const isWrong = drawn.some(({ rule, draft }) => !isRight(rule, draft));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    put.mutate({ version, detectors: toApi(shown, drafts) });
  };
  return (
    <form onSubmit={submit}>
      <Card label="Detectors found">
        <ul className={classes.list}>
          {drawn.map(({ rule, draft }) => (
            <Detector key={rule.detector} of={rule} draft={draft} isSaved={isSame(draft, draftOf(rule))} onChange={mayWrite ? (to) => setDrafts((before) => ({ ...before, [rule.detector]: to })) : undefined} />
          ))}
        </ul>
        {mayWrite && <Save changed={changed} isWrong={isWrong} isBusy={put.isPending} error={put.error} reload={reload} />}
      </Card>
      {!mayWrite && <Text size="sm" c="dimmed" mt="sm">An admin of the account may change this.</Text>}
    </form>
  );
}

type SaveProps = { changed: number; isWrong: boolean; isBusy: boolean; error: unknown; reload: () => void };

/* It stays in sight: the list is long. */
function Save({ changed, isWrong, isBusy, error, reload }: SaveProps) {
  const isStale = error instanceof Refusal && error.status === 412;
  return (
    <div className={classes.save}>
      <Stack gap="sm">
        {isStale && <Alert color="ochre" variant="light" role="alert" title="Somebody else changed this meanwhile">What you chose is not saved. Look at what there is now, and choose again. <Button size="compact-sm" variant="default" onClick={reload}>Show it</Button></Alert>}
        {error !== null && !isStale && <Failed error={error} />}
        <Group>
          <Button type="submit" disabled={changed === 0 || isWrong} loading={isBusy}>Save changes</Button>
          <Text size="sm" c="dimmed" role="status">{changed === 0 ? '' : isWrong ? 'A number is not within its bounds' : `${changed} ${changed === 1 ? 'detector is' : 'detectors are'} not saved`}</Text>
        </Group>
      </Stack>
    </div>
  );
}
