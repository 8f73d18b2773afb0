// reach.tsx - says when Keyward cannot be reached; what is on the page stays, and is asked for again by itself.
import { Alert } from '@mantine/core';
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Unreachable } from '../api/problem';

const AGAIN_MS = 5_000;

export function Reach() {
  const queries = useQueryClient();
  const [isLost, setLost] = useState(false);
  const fetching = useIsFetching();
  useEffect(() => {
    const isCut = () => queries.getQueryCache().getAll().some((q) => q.isActive() && (q.state.error ?? q.state.fetchFailureReason) instanceof Unreachable);
    setLost(isCut());
    return queries.getQueryCache().subscribe(() => setLost(isCut()));
  }, [queries]);
  useEffect(() => {
    if (!isLost || fetching > 0) return undefined;
    const timer = setTimeout(() => void queries.refetchQueries({ type: 'active', predicate: (q) => q.state.error instanceof Unreachable }), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isLost, fetching, queries]);
  if (!isLost) return null;
  return (
    <Alert color="ochre" variant="light" mb="lg" role="status" title="Keyward cannot be reached">
      Requests with keys are decided all the same. What you see here may be old; it is asked for again every few seconds.
    </Alert>
  );
}
