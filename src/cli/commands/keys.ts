import type { Command } from 'commander'
import { exitCodes } from '../exit-code.ts'
import type { RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import { examples } from './examples.ts'

/** Keys of all tenants are managed with an admin key; --tenant says for whom, not with whose data. */
const wish = { workers: false, tenantDecidesNothing: true }

export function addKeys(program: Command, programName: string, run: RunAction): void {
  const keys = program
    .command('keys')
    .summary('create, list and revoke API keys')
    .description('Manages API keys. Needs an admin key.')
  addCreate(keys, programName, run)
  addList(keys, run)
  addRevoke(keys, run)
}

function addCreate(keys: Command, programName: string, run: RunAction): void {
  keys
    .command('create')
    .summary('make a key')
    .description(
      'Makes a key for the tenant given by --tenant (default: default). The secret alone goes to stdout, once.',
    )
    .requiredOption('--name <name>', 'what the key is for')
    .option('--admin', 'may also manage keys')
    .addHelpText('after', examples(programName, [['keys create --name ci --tenant acme', 'a key for another tenant']]))
    .action((flags: { name: string; admin?: boolean }, command: Command) =>
      run(command, async invocation => {
        const { tenant } = invocation.global
        const key = await useServer(invocation, wish, client =>
          client.createKey({
            name: flags.name,
            role: flags.admin ? 'admin' : 'member',
            ...(tenant && { tenantId: tenant }),
          }),
        )
        printResult(invocation, key, () => {
          invocation.out.line(key.secret)
          invocation.err.line(
            `${key.role} key ${key.keyId} of tenant ${key.tenantId}; the secret is shown only this once`,
          )
        })
        return exitCodes.ok
      }),
    )
}

function addList(keys: Command, run: RunAction): void {
  keys
    .command('list')
    .summary('list keys')
    .description('Lists the keys (without their secrets), of one tenant with --tenant.')
    .action((_flags: object, command: Command) =>
      run(command, async invocation => {
        const { out, global } = invocation
        const answer = await useServer(invocation, wish, client => client.listKeys())
        const items = answer.items.filter(key => global.tenant === undefined || key.tenantId === global.tenant)
        const columns = [
          { title: 'Tenant' },
          { title: 'Key id' },
          { title: 'Name', flexible: true as const },
          { title: 'Role' },
          { title: 'Created' },
          { title: 'Revoked' },
        ]
        const rows = items.map(key => [
          { text: key.tenantId },
          { text: key.keyId },
          { text: printable(key.name) },
          { text: key.role },
          { text: formatTime(key.createdAt) },
          { text: key.revokedAt ? formatTime(key.revokedAt) : '–' },
        ])
        printResult(invocation, { items }, () => {
          printTable(out, columns, rows)
        })
        return exitCodes.ok
      }),
    )
}

function addRevoke(keys: Command, run: RunAction): void {
  keys
    .command('revoke')
    .summary('end a key')
    .description('Revokes a key: it is refused from now on.')
    .argument('<tenant>', 'tenant of the key')
    .argument('<key id>', 'as `keys list` shows it')
    .action((tenantId: string, keyId: string, _flags: object, command: Command) =>
      run(command, async invocation => {
        await useServer(invocation, wish, client => client.revokeKey(tenantId, keyId))
        printResult(invocation, { revoked: keyId }, () =>
          invocation.out.line(`revoked key ${keyId} of tenant ${tenantId}`),
        )
        return exitCodes.ok
      }),
    )
}
