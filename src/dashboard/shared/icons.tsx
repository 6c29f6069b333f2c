/** Line icons of 24 units, drawn here so that no library of thousands comes along. */
const lines = {
  gauge: 'M4 18a9 9 0 1 1 16 0 M12 14l4-5',
  files: 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8z M14 3v5h5 M9 13h6 M9 17h4',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z M20 20l-4-4',
  route:
    'M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z M18 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4z M8 17h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7',
  shield: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.500-1-8-4-8-9V6z M9 12l2 2 4-4',
  coins:
    'M12 3v18 M16.500 7.500C16 6 14.500 5.500 12 5.500c-2.500 0-4.500 1-4.500 3.200C7.500 13 16.500 11 16.500 15.300c0 2.200-2 3.200-4.500 3.200-2.500 0-4.200-.7-4.700-2.300',
  alert: 'M12 4l9 16H3z M12 10v4 M12 17v.5',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4z M10 21h4',
  server: 'M4 5h16v6H4z M4 13h16v6H4z M8 8v.01 M8 16v.01',
  history: 'M12 8v4l3 2 M4 12a8 8 0 1 0 3-6.200 M4 4v4h4',
  upload: 'M12 16V5 M7 9l5-5 5 5 M5 20h14',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M12 3v2 M12 19v2 M3 12h2 M19 12h2 M5.600 5.600L7 7 M17 17l1.400 1.400 M5.600 18.400L7 17 M17 7l1.400-1.400',
  moon: 'M20 14.500A8 8 0 0 1 9.500 4a8 8 0 1 0 10.500 10.500z',
  book: 'M5 4h9a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3z M5 17a3 3 0 0 1 3-3h9',
  leave: 'M10 4H5v16h5 M14 8l4 4-4 4 M18 12H9',
  chevron: 'M9 6l6 6-6 6',
  back: 'M15 6l-6 6 6 6',
  retry: 'M20 11a8 8 0 1 0-2.300 6 M20 5v6h-6',
  stop: 'M7 7l10 10 M17 7L7 17',
  trash: 'M5 7h14 M10 11v6 M14 11v6 M7 7l1 13h8l1-13 M9 7V4h6v3',
  download: 'M12 4v11 M7 11l5 5 5-5 M5 20h14',
  pen: 'M4 20l1-4L16 5l3 3L8 19z',
  check: 'M5 12l5 5 9-10',
  plus: 'M12 5v14 M5 12h14',
} as const
export type IconName = keyof typeof lines

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={lines[name]} />
    </svg>
  )
}
