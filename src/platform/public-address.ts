import { BlockList } from 'node:net'

/**
 * Whether a host may be reached from the internet, judged by how it is written: nothing is looked up. `hostname` as a URL has it: numbers in
 * their plain form, IPv6 in brackets. Not public are all special ranges (IANA's registries of special-purpose addresses, RFC 6890), IPv6 that
 * holds an IPv4 address, names without a dot, and names below a domain that is reserved (RFC 2606, 6761, 6762, 7686, 8375, 9476, and `internal`).
 */
export function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith('[')) {
    const address = hostname.slice(1, -1)
    return globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6')
  }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return !specialIpv4.check(hostname, 'ipv4')
  const labels = hostname.toLowerCase().replace(/\.$/, '').split('.')
  if (labels.length < 2 || labels.includes('')) return false
  return !reservedDomains.some(domain => `.${labels.join('.')}`.endsWith(`.${domain}`))
}

const reservedDomains = ['localhost', 'local', 'internal', 'home.arpa', 'test', 'invalid', 'example', 'onion', 'alt']

const specialIpv4 = blockListOf('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
])

/** All of IPv6 that is given out; loopback, mapped, private, link-local and multicast addresses lie outside. */
const globalIpv6 = blockListOf('ipv6', [['2000::', 3]])

const specialIpv6 = blockListOf('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
])

function blockListOf(
  family: 'ipv4' | 'ipv6',
  ranges: readonly (readonly [network: string, bits: number])[],
): BlockList {
  const list = new BlockList()
  for (const [network, bits] of ranges) list.addSubnet(network, bits, family)
  return list
}
