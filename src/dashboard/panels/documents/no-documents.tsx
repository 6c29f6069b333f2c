import { Empty } from '../../shared/card.tsx'

export function NoDocuments({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No document fits">Take a filter away to see more.</Empty>
  return (
    <Empty title="No documents yet">
      Drop files above. PDF, DOCX, PPTX, XLSX, HTML, Markdown, text and CSV are read; the same bytes twice are one
      document.
    </Empty>
  )
}
