package premium_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestADocumentIsKeptWithARequest(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	request := p.ask(t, p.teacher, "120")
	send := func(name, content string) (int, string) {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for field, values := range p.teacher.Get(request).Form("/documents") {
			if err := form.WriteField(field, values[0]); err != nil {
				t.Fatal(err)
			}
		}
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(part, content)
		form.Close()
		answer, err := p.teacher.Client().Post(p.HTTP.URL+request+"/documents", form.FormDataContentType(), &body)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		page, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(page)
	}
	if status, page := send("quote.pdf", "<html><script>alert(1)</script></html>"); status != 422 || !strings.Contains(page, "must be a PDF") || !strings.Contains(page, "A reading tutor, weekly") {
		t.Errorf("a page called PDF: %d", status)
	}
	if status, _ := send("quote.pdf", ""); status != 422 {
		t.Errorf("an empty file: %d", status)
	}
	if status, page := send("big.txt", strings.Repeat("words ", 3<<20)); status != 422 || !strings.Contains(page, "must be 10 MB or smaller") || strings.Contains(page, "Choose a file") {
		t.Errorf("too large: %d", status)
	}
	if none := p.teacher.Post(request+"/documents", p.teacher.Get(request).Form("/documents")); none.Status != 422 || len(none.Errors()) != 1 {
		t.Errorf("no file: %d %v", none.Status, none.Errors())
	}
	if status, _ := send(`..\quote "1"ü.txt`, "Ten hours at £40"); status != 303 && status != 200 {
		t.Fatalf("a quotation: %d", status)
	}
	link, there := p.deputy.Get(request).Find(`a[href*="/documents/"]`).Attr("href")
	if !there {
		t.Fatal("the deputy sees no document")
	}
	file, err := p.deputy.Client().Get(p.HTTP.URL + link)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Body.Close()
	content, _ := io.ReadAll(file.Body)
	if string(content) != "Ten hours at £40" || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment; filename") || file.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%q %v", content, file.Header)
	}
	other := p.Child("Ben", "Ash", "2015-03-04")
	if got := p.head.Get("/children/" + webtest.Number(other) + link[strings.Index(link, "/documents/"):]).Status; got != 404 {
		t.Errorf("under another child's address: %d", got)
	}
	worker := p.Person(access.SocialWorker, "Sal Worker")
	p.Allocate(p.child, "social_worker", worker, "[2025-09-01,)")
	if got := p.As(worker).Get(link).Status; got != 403 {
		t.Errorf("a social worker, who does not see money: %d", got)
	}
}
