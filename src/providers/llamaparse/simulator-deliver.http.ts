/** Brings a webhook to its address over the network. */
export function deliverOverNetwork(request: Request): Promise<Response> {
  return fetch(request)
}
