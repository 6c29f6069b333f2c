import { Component, type ReactNode } from 'react'
import { Failure } from '../shared/loaded.tsx'

/** A page that fails takes nothing else along; React has no such boundary as a function. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error }
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Failure error={this.state.error} />
  }
}
