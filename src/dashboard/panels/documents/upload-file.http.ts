import { type Answer, ApiFailure, toFailure } from '../../shared/api.http.ts'
import { readKey } from '../../shared/session.ts'
import { forTenant } from '../../shared/tenant.ts'

type Uploaded = { created: boolean; document: Answer<'/v1/documents'>['items'][number] }

/** Sends one file, and says how much of it is sent, between 0 and 1: what fetch cannot. Throws `ApiFailure`. */
export function uploadFile(file: File, onProgress: (share: number) => void): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, file.name)
    request.open('POST', `/v1/documents?${new URLSearchParams(forTenant({}))}`)
    request.setRequestHeader('authorization', `Bearer ${readKey() ?? ''}`)
    request.responseType = 'json'
    request.upload.onprogress = event => onProgress(event.total > 0 ? event.loaded / event.total : 0)
    request.onload = () => {
      if (request.status < 300) resolve(request.response as Uploaded)
      else reject(toFailure(request.status, request.response))
    }
    request.onerror = () =>
      reject(
        new ApiFailure({
          code: 'server_unreachable',
          detail: 'The connection broke off.',
          action: 'Try again.',
          status: 0,
        }),
      )
    request.send(form)
  })
}
