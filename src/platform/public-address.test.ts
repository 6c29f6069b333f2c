import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublicHost } from './public-address.ts'

const publicHosts = `example.com hooks.example.com. sub.local.example.com notlocal.net 8.8.8.8 1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255
  100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255
  198.20.0.0 203.0.114.0 223.255.255.255 [2606:4700::1111] [2001:200::1] [2001:db7::1] [2a00::1] [3ffe::1] xn--bcher-kva.example.org`
const privateHosts = `localhost LOCALHOST localhost. db.localhost intranet nas.local nas.local. vm.internal printer.home.arpa a.test a.invalid
  a.example example a.onion a.alt 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255
  169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7
  203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 [::] [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:808:808]
  [::7f00:1] [64:ff9b::a00:1] [64:ff9b:1::1] [100::1] [2001::1] [2001:2::1] [2001:db8::1] [2002:a00:1::] [3fff::1] [5f00::1] [fc00::1]
  [fd12:3456::1] [fe80::1] [fec0::1] [ff02::1]`

test('I7: hosts that can be reached from the internet', () => {
  for (const host of publicHosts.split(/\s+/)) assert.equal(isPublicHost(host), true, host)
})

test('I7: hosts that cannot', () => {
  for (const host of [...privateHosts.split(/\s+/), '', '.', '..', 'a..com'])
    assert.equal(isPublicHost(host), false, host)
})

test('I7: other ways to write such an address are seen through, by the URL', () => {
  for (const host of [
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '１２７.0.0.1',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:10.0.0.1]',
  ]) {
    assert.equal(isPublicHost(new URL(`http://${host}/`).hostname), false, host)
  }
})
