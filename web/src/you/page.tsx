// page.tsx - oneself: name and role, password, second factor and sessions.
import { useSession } from '../api/session';
import { Facts } from '../parts/facts';
import { Page, Section } from '../parts/page';
import { roles, roleName } from '../parts/words';
import { Password } from './password';
import { SecondFactor } from './second_factor';
import { Sessions } from './sessions';

export default function YouPage() {
  const { member } = useSession();
  const what = roles.find((role) => role.value === member.role)?.what;
  return (
    <Page title="You" heading={<bdi>{member.name || member.email}</bdi>}>
      <Section title="Who you are here">
        <Facts
          of={[
            ['E-mail', member.email],
            ['Account', member.account],
            ['Role', <>{roleName(member.role)}{what !== undefined && `: ${what.toLowerCase()}`}</>],
            ...(member.operator ? [['Operator', 'You may do everything, in all accounts of this installation'] as [string, string]] : []),
          ]}
        />
      </Section>
      <Section title="Password"><Password /></Section>
      <Section title="One-time password"><SecondFactor /></Section>
      <Section title="Sessions"><Sessions /></Section>
    </Page>
  );
}
