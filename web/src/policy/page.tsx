// page.tsx - the route policy in force: which permission opens which route, and what it says to a request.
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { policyQuery, type PolicyInForce } from '../api/policy';
import { useMay } from '../api/session';
import { CodeBlock } from '../parts/copy';
import { Page, Section } from '../parts/page';
import { Coming, Failed, Nothing } from '../parts/states';
import { routeClasses } from './classes';
import { HowToChange } from './how';
import classes from './page.module.css';
import { NextPolicy } from './next';
import { Routes } from './routes';
import { TestRequest } from './trial';
import { Versions } from './versions';

const APPLY = 'keyward policy apply policy.yaml';

export default function Policy() {
  const { data, error, refetch } = useQuery(policyQuery);
  if (data === undefined) return <Page title="Policy">{error === null ? <Coming rows={8} /> : <Failed error={error} retry={() => void refetch()} />}</Page>;
  const count = routeClasses.reduce((sum, { value }) => sum + (data.policy[value]?.length ?? 0), 0);
  const lead = data.version === 0 ? 'There is no route policy.' : <>Version {data.version}, {count.toLocaleString()} {count === 1 ? 'route' : 'routes'}. A route that is not listed opens to Full Access only.</>;
  return (
    <Page title="Policy" lead={lead}>
      <div className={classes.columns}>
        <div className={classes.aside}>
          <Section title="Test a request"><TestRequest /></Section>
          <NextPolicy />
          {data.version > 0 && <Versions />}
          <HowToChange apply={APPLY} />
        </div>
        <div className={classes.main}>{data.version === 0 ? <NoPolicy /> : <InForce inForce={data} />}</div>
      </div>
    </Page>
  );
}

function NoPolicy() {
  const mayWrite = useMay('policy:write');
  return (
    <Section title="Routes">
      <Nothing title="Only Full Access gets through">
        Without a policy each route is unlisted: keys with Full Access may do everything, all others nothing.{' '}
        {mayWrite ? 'Write which routes read, transact and manage into a file, and put it in force:' : 'An operator puts one in force.'}
      </Nothing>
      {mayWrite && <CodeBlock text={`cat > policy.yaml <<'END'\nread:\n  - GET /wallet/me\ntransact:\n  - POST /wallet/payout/{kind}\nEND\n${APPLY}`} what="the commands" />}
    </Section>
  );
}

/* Search and class stand in the address. */
function InForce({ inForce }: { inForce: PolicyInForce }) {
  const [params, setParams] = useSearchParams();
  const q = params.get('q') ?? '';
  const search = (text: string) => setParams(text === '' ? {} : { q: text }, { replace: true });
  const found = routeClasses.map((c) => ({ ...c, all: inForce.policy[c.value] ?? [] })).map((c) => ({ ...c, routes: c.all.filter((route) => route.toLowerCase().includes(q.trim().toLowerCase())) }));
  const isNone = found.every(({ routes }) => routes.length === 0);
  return (
    <Section title="Routes" aside={<TextInput aria-label="Search the routes" placeholder="Part of a method or path" size="sm" type="search" value={q} onChange={(e) => search(e.currentTarget.value)} className={classes.search} />}>
      {isNone && <Nothing title="No route matches">A route that is not listed opens to Full Access only.</Nothing>}
      {found.filter(({ routes }) => routes.length > 0).map((c) => <Routes key={c.value} {...c} total={c.all.length} />)}
    </Section>
  );
}
