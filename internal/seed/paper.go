package seed

import (
	"bytes"
	"fmt"
	"strings"
)

// onePage is a PDF of one page with a few lines of text.
func onePage(lines []string) []byte {
	var text strings.Builder
	text.WriteString("BT /F 12 Tf 72 770 Td 18 TL\n")
	for _, line := range lines {
		fmt.Fprintf(&text, "(%s) '\n", strings.NewReplacer("£", `\243`, "(", `\(`, ")", `\)`).Replace(line))
	}
	text.WriteString("ET")
	var file bytes.Buffer
	file.WriteString("%PDF-1.4\n")
	var starts []int
	for n, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	} {
		starts = append(starts, file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", n+1, object)
	}
	table := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", len(starts)+1)
	for _, start := range starts {
		fmt.Fprintf(&file, "%010d 00000 n \n", start)
	}
	fmt.Fprintf(&file, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(starts)+1, table)
	return file.Bytes()
}
