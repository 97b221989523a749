// What the page says to the gateway. Addresses are relative: the gateway may be below a path of a proxy's.

export class SignedOut extends Error {}

/** The answer to one question. */
export async function report(query, signal) {
  const response = await fetch('ui/report?' + query, { signal, cache: 'no-store' });
  if (response.status === 401) throw new SignedOut();
  const json = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(json.error?.message ?? json.error ?? 'the gateway answered ' + response.status);
  return json;
}

/** Signs in with a code, which is good once. */
export async function signIn(code) {
  const response = await fetch('ui/session', { method: 'POST', headers: { 'X-Rpkai-Page': 'usage' }, body: code });
  return response.ok;
}

export async function signOut() {
  await fetch('ui/session', { method: 'DELETE', headers: { 'X-Rpkai-Page': 'usage' } });
}

/** The gateway's own address, as `rpkai` is told it. */
export function address() {
  return location.origin + location.pathname.replace(/\/ui$/, '');
}
