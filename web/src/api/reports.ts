// reports.ts - the weekly reports: listed, read, written now, and acknowledged.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Report = components['schemas']['Report'];
export type ReportWhole = components['schemas']['ReportWhole'];
export type ReportGroup = components['schemas']['ReportGroup'];
export type ReportAdvice = components['schemas']['ReportAdvice'];

const PAGE = 30;

/** The newest first, page by page; of one account, or of all that one may see. */
export function reportsQuery(account?: string) {
  return infiniteQueryOptions({
    queryKey: ['reports', 'list', account],
    queryFn: ({ pageParam, signal }) => taken(api.GET('/v1/reports', { params: { query: { account, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

export function reportQuery(id: string) {
  return queryOptions({
    queryKey: ['reports', 'one', id],
    queryFn: ({ signal }) => taken(api.GET('/v1/reports/{id}', { params: { path: { id } }, signal })),
  });
}

/* What comes back is the report as it is now; the lists are asked for again. */
function useTake() {
  const queries = useQueryClient();
  return (report: ReportWhole) => {
    queries.setQueryData(reportQuery(report.id).queryKey, report);
    void queries.invalidateQueries({ queryKey: ['reports', 'list'] });
  };
}

/** Of the last seven days. Whoever sees all accounts says of which. */
export function useWriteReport(onWritten: (report: ReportWhole) => void) {
  const take = useTake();
  return useMutation({
    mutationFn: (account: string | undefined) => taken(api.POST('/v1/reports', { body: account === undefined ? {} : { account } })),
    onSuccess: (report) => {
      take(report);
      onWritten(report);
    },
  });
}

/** Refused, it was mostly somebody else who was faster: the report is read again. */
export function useAcknowledgeReport(id: string) {
  const queries = useQueryClient();
  const take = useTake();
  return useMutation({
    mutationFn: (comment: string) => taken(api.POST('/v1/reports/{id}/acknowledge', { params: { path: { id } }, body: comment === '' ? {} : { comment } })),
    onSuccess: take,
    onError: () => void queries.invalidateQueries({ queryKey: reportQuery(id).queryKey }),
  });
}
