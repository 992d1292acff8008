package webtest

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
)

// PostFile sends form values with one file in a field, as a form that carries files does.
func (v *Visitor) PostFile(path string, values url.Values, field, name, content string) *Page {
	v.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for key, list := range values {
		for _, value := range list {
			if key != field {
				v.must(parts.WriteField(key, value))
			}
		}
	}
	file, err := parts.CreateFormFile(field, name)
	v.must(err)
	_, err = file.Write([]byte(content))
	v.must(err)
	v.must(parts.Close())
	request, err := http.NewRequest(http.MethodPost, v.site.HTTP.URL+path, &body)
	v.must(err)
	request.Header.Set("Content-Type", parts.FormDataContentType())
	return v.send(request)
}

func (v *Visitor) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}
