// open_count.tsx - how many alerts are open, beside the name of their page; nothing where there is none.
import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { COUNTED_MOST, openAlertsQuery } from '../api/alerts';
import classes from './tags.module.css';

export function OpenCount() {
  const { data = [] } = useQuery(openAlertsQuery());
  if (data.length === 0) return null;
  const isGrave = data.some(({ severity }) => severity === 'high' || severity === 'critical');
  return <span className={classes.count} data-grave={isGrave || undefined}>{data.length > COUNTED_MOST ? `${COUNTED_MOST}+` : data.length}<VisuallyHidden> open</VisuallyHidden></span>;
}
