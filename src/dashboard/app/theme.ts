import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const water: MantineColorsTuple = [
  '#e8f5fa',
  '#d3e8f1',
  '#a6d1e4',
  '#76b9d6',
  '#4fa5ca',
  '#3698c3',
  '#0e7ea8',
  '#0b6b90',
  '#0b5c7a',
  '#074a63',
]
const slate: MantineColorsTuple = [
  '#d5dae0',
  '#bcc3cb',
  '#a4adb7',
  '#7f8a96',
  '#3a424b',
  '#2f363d',
  '#262b31',
  '#1b1f24',
  '#14171b',
  '#0e1114',
]

export const theme = createTheme({
  primaryColor: 'water',
  primaryShade: { light: 7, dark: 6 },
  colors: { water, dark: slate },
  defaultRadius: 'md',
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '640' },
  cursorType: 'pointer',
  autoContrast: true,
  respectReducedMotion: true,
  components: {
    Table: { defaultProps: { verticalSpacing: 9, horizontalSpacing: 16, fz: 'sm' } },
    SegmentedControl: { defaultProps: { transitionDuration: 0 } },
    Tooltip: { defaultProps: { withArrow: true } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
})

/** Quiet text and links that are still read easily (WCAG AA) on the grounds of both themes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f8fa',
    '--mantine-color-text': '#17212b',
    '--mantine-color-dimmed': '#56616d',
    '--mantine-color-anchor': '#0b5c7a',
    '--mantine-color-placeholder': '#66717d',
    '--mantine-color-error': '#b02a27',
    '--table-border-color': '#eef1f4',
  },
  dark: {
    '--mantine-color-body': '#14171b',
    '--mantine-color-text': '#dfe4e9',
    '--mantine-color-dimmed': '#a0aab5',
    '--mantine-color-anchor': '#76c3e4',
    '--mantine-color-placeholder': '#8d97a2',
    '--mantine-color-error': '#f0807b',
    '--table-border-color': '#262b31',
  },
})
