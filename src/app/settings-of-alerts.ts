import { onOff, setting, text } from './setting.ts'

/** How alerts go out. docs/alerts.md is for the user. */
export const alertSettings = {
  alertPrivateAddresses: setting(
    'SLUICE_ALERT_PRIVATE_ADDRESSES',
    'off',
    '`on`: alerts may also go to this machine, to private networks and over http.',
    onOff,
  ),
  smtpUrl: setting(
    'SLUICE_SMTP_URL',
    '',
    'The mail server for alerts by mail, e.g. `smtp://user:password@mail.example.com:587`; `smtps://` for TLS from the first byte. Empty: no mail.',
    text,
    true,
  ),
  mailFrom: setting('SLUICE_MAIL_FROM', 'sluice@localhost', 'Whom alerts by mail come from.', text),
} as const
