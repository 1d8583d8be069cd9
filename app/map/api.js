/** The one place that asks the server. */

/** The address of this service, with the path that a proxy may put before it. */
export const ROOT = document.documentElement.dataset.root ?? location.origin;

/** What the server refused, in its own sentence. */
export class Refused extends Error {
  /** @param {string} message @param {number} status @param {string} [parameter] */
  constructor(message, status, parameter) {
    super(message);
    this.name = "Refused";
    this.status = status;
    this.parameter = parameter;
  }
}

/**
 * The absolute address of a path with parameters.
 * @param {string} path @param {URLSearchParams | Record<string, string | number>} [params]
 */
export function address(path, params) {
  const query = new URLSearchParams(/** @type {any} */ (params)).toString();
  return `${ROOT}${path}${query ? "?" : ""}${query}`;
}

/**
 * What stands at a path, as JSON. Raises Refused with the sentence of the problem; an aborted call raises AbortError.
 * @param {string} path @param {URLSearchParams | Record<string, string | number>} [params] @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export async function get(path, params, { signal } = {}) {
  const answer = await fetch(address(path, params), { signal, headers: { Accept: "application/json, application/geo+json, */*;q=0.1" } });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const problem = await answer.json().catch(() => ({}));
  throw new Refused(problem.detail ?? problem.title ?? `${answer.status} ${answer.statusText}`, answer.status, problem.parameter);
}
