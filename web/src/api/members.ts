// members.ts - the people: found, read, invited, changed, removed, and their one-time links.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, taken } from './client';
import type { components } from './contract';

export type Member = components['schemas']['Member'];
export type NewMember = components['schemas']['NewMember'];
export type MemberChange = components['schemas']['MemberChange'];
export type MemberWithLink = components['schemas']['MemberWithLink'];

const PAGE = 100;

/** In the order in which they came, page by page; of one account, or of all that one may see. */
export function membersQuery(account: string) {
  return infiniteQueryOptions({
    queryKey: ['members', 'list', account],
    queryFn: ({ pageParam, signal }) =>
      taken(api.GET('/v1/members', { params: { query: { limit: PAGE, ...(account ? { account } : {}), ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

export function memberQuery(id: string) {
  return queryOptions({
    queryKey: ['members', 'one', id],
    queryFn: ({ signal }) => taken(api.GET('/v1/members/{id}', { params: { path: { id } }, signal })),
  });
}

function keep(queries: QueryClient, member: Member) {
  queries.setQueryData(memberQuery(member.id).queryKey, member);
  void queries.invalidateQueries({ queryKey: ['members', 'list'] });
}

/* The link goes to who asked for it alone: no cache ever holds one. */
function keepWithoutLink(queries: QueryClient, { secret: _secret, url: _url, mailed: _mailed, ...member }: MemberWithLink) {
  keep(queries, member);
}

type Invitation = { body: NewMember; idempotencyKey: string };

export function useInvite(onInvited: (member: MemberWithLink) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ body, idempotencyKey }: Invitation) => {
      const member = await taken(api.POST('/v1/members', { body, params: { header: { 'Idempotency-Key': idempotencyKey } } }));
      keepWithoutLink(queries, member);
      onInvited(member);
    },
  });
}

/** A new link voids the one that is open. */
export function useNewLink(id: string, onMade: (member: MemberWithLink) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const member = await taken(api.POST('/v1/members/{id}/link', { params: { path: { id } } }));
      keepWithoutLink(queries, member);
      onMade(member);
    },
  });
}

type Changing = { read: Member; change: MemberChange };

/** A change of what was read: 412 when it is not what there is any more. */
export function useChangeMember() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ read, change }: Changing) =>
      taken(api.PATCH('/v1/members/{id}', { body: change, params: { path: { id: read.id }, header: { 'If-Match': `"${read.version}"` } } })),
    onSuccess: (member) => keep(queries, member),
  });
}

export type MemberDeed = 'remove' | 'forget';

const deeds = {
  remove: (id: string) => api.DELETE('/v1/members/{id}', { params: { path: { id } } }),
  forget: (id: string) => api.DELETE('/v1/members/{id}/credentials', { params: { path: { id } } }),
};

/** Both end sessions and management tokens as well. Whatever came of it, the member is read again. */
export function useMemberDeed(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (deed: MemberDeed) => taken<Member>(deeds[deed](id)),
    onSuccess: (member) => {
      keep(queries, member);
      void queries.invalidateQueries({ queryKey: ['tokens'] });
    },
    onError: () => void queries.invalidateQueries({ queryKey: memberQuery(id).queryKey }),
  });
}
