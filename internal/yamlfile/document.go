package yamlfile

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"gopkg.in/yaml.v3"
)

// mostFile is more than any such file needs, in bytes.
const mostFile = 1 << 20

// Document is the root of a file that holds one of what is named ("form"); false for text that cannot
// be read as YAML. What is wrong is added to problems.
func Document(name, what string, text []byte, problems *[]Problem) (Place, *yaml.Node, bool) {
	at := In(name, problems)
	if len(text) > mostFile {
		at.Wrong("the file is larger than a %s can be (%d MB)", what, mostFile>>20)
		return at, nil, false
	}
	var document, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		at.Wrong("the file is empty. Write a %s in it, or take it away.", what)
		return at, nil, false
	case err != nil:
		at.Wrong("the file is not YAML, so nothing else in it could be checked: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return at, nil, false
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		at.Wrong("there is more than one %s in the file (a line of ---). Put each in a file of its own.", what)
	}
	root := document.Content[0]
	if line := anchored(root); line > 0 {
		at.line = line
		at.Wrong("anchors and aliases (& and *) cannot be used. Write the words out.")
		return at, nil, false
	}
	at.line = root.Line
	return at, root, true
}

// In is a whole file as a place.
func In(file string, problems *[]Problem) Place { return Place{file: file, problems: problems} }

// anchored is the line of the first anchor or alias, which could make a small file endless; 0: none.
func anchored(node *yaml.Node) int {
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		return node.Line
	}
	for _, inner := range node.Content {
		if line := anchored(inner); line > 0 {
			return line
		}
	}
	return 0
}
