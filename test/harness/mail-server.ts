import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

export interface MailServer {
  /** As SLUICE_SMTP_URL takes it, with user and password. */
  url: string
  mails: { from: string; to: string[]; content: string }[]
  close(): Promise<void>
}

/** A real SMTP server on this machine that keeps what it takes, and wants a user and a password. */
export async function startMailServer(): Promise<MailServer> {
  const mails: MailServer['mails'] = []
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'sluice' && password === 'p@ss' ? done(null, { user: username }) : done(new Error('wrong password')),
    onData: async (stream, session, done) => {
      const content = await text(stream)
      const { mailFrom, rcptTo } = session.envelope
      mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(to => to.address), content })
      done()
    },
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as { port: number }
  return {
    url: `smtp://sluice:p%40ss@127.0.0.1:${port}`,
    mails,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
