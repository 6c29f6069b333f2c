import type { Command } from 'commander'
import { formatUsd } from '../../contract/format-usd.ts'
import type { PriceListView } from '../../contract/price-list.ts'
import { exitCodes } from '../exit-code.ts'
import type { RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

export function addPrices(program: Command, run: RunAction): void {
  program
    .command('prices')
    .summary('show the price list')
    .description('Shows every known price with its dates and source. SLUICE_PRICE_LIST names a file with your own.')
    .action((_flags: object, command: Command) =>
      run(command, async invocation => {
        const list = await useServer(invocation, { workers: false }, client => client.prices())
        printResult(invocation, list, () => printPrices(invocation.out, list))
        return exitCodes.ok
      }),
    )
}

function printPrices(out: Terminal, { prices }: PriceListView): void {
  const { dim, green } = out.colors
  const columns: Column[] = [
    { title: 'Provider' },
    { title: 'Operation' },
    { title: 'Model or tier' },
    { title: 'Price', align: 'decimal' },
    { title: 'For' },
    { title: 'From' },
    { title: 'Until' },
    { title: 'In force' },
    { title: 'Source', flexible: true },
  ]
  const cells = (price: PriceListView['prices'][number]): Cell[] => [
    { text: printable(price.provider) },
    { text: price.operation },
    { text: printable(price.model) },
    { text: formatUsd(BigInt(price.nanoUsd)) },
    { text: unitsText(BigInt(price.perUnits), price.unit) },
    { text: price.effectiveFrom },
    { text: price.effectiveTo ?? '–' },
    price.inForce ? { text: 'yes', paint: green } : { text: 'no', paint: dim },
    { text: printable(price.origin === 'file' ? `your file: ${price.source}` : price.source) },
  ]
  printTable(out, columns, prices.map(cells))
}

function unitsText(units: bigint, unit: string): string {
  return units === 1n ? `1 ${unit}` : `${units.toLocaleString('en-US')} ${unit}s`
}
