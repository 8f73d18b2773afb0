// environment.tsx - sandbox and production, which never look alike: hatched ochre, and solid petrol.
import classes from './environment.module.css';
import { environments, type Environment } from './words';

export function EnvironmentTag({ value }: { value: Environment }) {
  return (
    <span className={classes.tag} data-environment={value}>
      {environments[value]}
    </span>
  );
}
