// path.tsx - the way of a request through the decision: what it passed, which step decided, what was never reached.
import { IconCheck, IconX } from '@tabler/icons-react';
import classes from './path.module.css';
import { stepTitle, type Step } from './steps';

const hows = { passed: 'Passed', decided: 'Decided here', not_reached: 'Not reached' };

export function DecisionPath({ steps, isAllowed }: { steps: Step[]; isAllowed: boolean }) {
  return (
    <ol className={classes.path}>
      {steps.map((step, i) => (
        <li key={i} className={classes.step} data-how={step.how} data-allowed={isAllowed || undefined} aria-current={step.how === 'decided' ? 'step' : undefined}>
          <span className={classes.node} role="img" aria-label={hows[step.how]}>
            {step.how === 'decided' && (isAllowed ? <IconCheck size={14} stroke={2.6} aria-hidden /> : <IconX size={14} stroke={2.6} aria-hidden />)}
          </span>
          <div className={classes.text}>
            <StepText step={step} isAllowed={isAllowed} />
          </div>
        </li>
      ))}
    </ol>
  );
}

/* "key_expired: API key expired": the code, and what the caller was told. */
function StepText({ step, isAllowed }: { step: Step; isAllowed: boolean }) {
  if (step.how !== 'decided')
    return (
      <>
        <span className={classes.name}>{stepTitle(step.name)}</span>
        <span className={classes.what}>{step.what}</span>
      </>
    );
  const [code, message] = step.what.split(/: (.*)/s);
  return (
    <>
      <span className={classes.verdict}>
        {step.name === '' ? '' : `${stepTitle(step.name)}: `}{isAllowed ? 'allowed' : 'denied'} <span className={classes.code}>{code}</span>
      </span>
      <span className={classes.told}>The caller was told “{message}”.</span>
    </>
  );
}
