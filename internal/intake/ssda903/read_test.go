package ssda903_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/ssda903"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/returncode"
)

const (
	headerHead   = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
	episodesHead = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
	oneChild     = headerHead + "C1,1,01/02/2010,WBRI,B801200005001,,\n"
)

// parts reads files given as name, content, name, content.
func parts(t *testing.T, nameAndContent ...string) (*ssda903.Return, error) {
	t.Helper()
	var files []*table.File
	for i := 0; i < len(nameAndContent); i += 2 {
		files = append(files, upload(t, nameAndContent[i], []byte(nameAndContent[i+1]))...)
	}
	return ssda903.Read(files, today)
}

func mustRead(t *testing.T, nameAndContent ...string) *ssda903.Return {
	t.Helper()
	r, err := parts(t, nameAndContent...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rules writes problems as "file:line column rule severity".
func rules(r *ssda903.Return) string {
	var all []string
	for _, p := range r.Problems {
		all = append(all, fmt.Sprintf("%s:%d %s %s %s", p.File, p.Line, p.Column, p.Rule, p.Severity))
	}
	return strings.Join(all, "\n")
}

func expect(t *testing.T, r *ssda903.Return, want ...string) {
	t.Helper()
	if got := rules(r); got != strings.Join(want, "\n") {
		t.Errorf("problems\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	r := mustRead(t, "h", headerHead+
		"C1,1,01/02/2010,WBRI,B801200005001,1,01/01/2024\n"+ // 2 good
		"C2,2,01/02/2010,XXXX,B801200005001,,\n"+ // 3 same UPN, odd ethnicity
		"C3,M,31/09/2010,WBRI,UN4,,\n"+ // 4 no such day; letters among numbers
		"C4,1,,WBRI,,,\n"+ // 5 no date
		",1,01/02/2010,WBRI,UN1,,\n"+ // 6
		"C1,1,01/02/2010,WBRI,B801200005001,,\n"+ // 7 the same again
		"C2,1,01/02/2010,XXXX,B801200005001,,\n"+ // 8 differs in sex
		"C5,1,01/02/1990,wbri,A801200005001,,\n"+ // 9 old, wrong letter
		"C6,9,01/02/2030,WBRI,I23,,\n"+ // 10 future
		"NA,NA,NA,NA,NA,NA,NA\n"+ // 11
		"C7,1\n"+ // 12
		"C8,1,02/13/10,WBRI,UN1,,\n") // 13
	expect(t, r,
		"h:3 ETHNIC unknown-code warning", "h:3 UPN upn-twice warning",
		"h:4 DOB bad-date error", "h:4 SEX mixed-styles warning",
		"h:5 DOB no-birth-date error", "h:5 UPN upn-none info",
		"h:6 CHILD no-child error", "h:7 CHILD child-twice warning", "h:8 SEX child-twice error",
		"h:9 DOB birth-long-ago warning", "h:9 UPN upn-wrong-letter warning",
		"h:10 DOB birth-in-future warning", "h:10 SEX unknown-code warning", "h:10 UPN upn-wrong-shape warning",
		"h:11  empty-row info", "h:12  ragged error", "h:13 DOB bad-date error")
	want := map[string]ssda903.Standing{"C1": ssda903.Warned, "C2": ssda903.Rejected, "C3": ssda903.Rejected, "C4": ssda903.Rejected,
		"C5": ssda903.Warned, "C6": ssda903.Warned, "C8": ssda903.Rejected}
	if len(r.Children) != len(want) {
		t.Errorf("%d children", len(r.Children))
	}
	for _, c := range r.Children {
		if c.Standing != want[c.ID] || (c.Standing == ssda903.Rejected) != (len(c.Reasons) > 0) {
			t.Errorf("%s stands %s, want %s (%v)", c.ID, c.Standing, want[c.ID], c.Reasons)
		}
	}
	c := r.Child("C1")
	if c.Sex != "M" || c.UPN != "B801200005001" || c.UPNQuality != identifier.Valid || c.Line != 2 || c.DateOfBirth.String() != "2010-02-01" {
		t.Errorf("%+v", c)
	}
	if c := r.Child("C3"); c.UPN != "" || c.UPNUnknown != "UN4" || c.UPNQuality != identifier.UnknownCode || c.Sex != "M" {
		t.Errorf("%+v", c)
	}
	if c := r.Child("C6"); c.UPN != "I23" || c.Sex != "" {
		t.Errorf("%+v", c)
	}
	if c := r.Child("C5"); c.Ethnicity != "WBRI" {
		t.Errorf("%+v", c)
	}
}

func TestDress(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for name, content := range map[string]string{"__MACOSX/._h.csv": "junk", "903/h.csv": oneChild, "903/.DS_Store": "x", "903/notes.txt": "Some notes\n"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"byte order mark": "\ufeff" + oneChild,
		"windows lines":   strings.ReplaceAll(oneChild, "\n", "\r\n"),
		"semicolons":      strings.ReplaceAll(oneChild, ",", ";"),
		"small letters":   strings.Replace(oneChild, headerHead, strings.ToLower(headerHead), 1),
		"spaces in names": strings.Replace(oneChild, "CHILD,SEX", " CHILD\u00a0, SEX ", 1),
		"Latin-1":         oneChild + "C\xe92,1,01/02/2011,WBRI,UN1,,\n",
		"another order":   "UPN,ETHNIC,DOB,CHILD,SEX\nB801200005001,WBRI,01/02/2010,C1,1\n",
		"blank lines":     oneChild + "\n\n,,,,,,\n",
		"zip with junk":   packed.String(),
		"extra column":    strings.ReplaceAll(strings.ReplaceAll(oneChild, ",\n", ",,\n"), "MC_DOB\n", "MC_DOB,COLOUR\n"),
	} {
		r, err := parts(t, "x", content)
		if err != nil || len(r.Children) == 0 || r.Children[0].ID != "C1" || r.Children[0].UPNQuality != identifier.Valid {
			t.Errorf("%s: %v %+v", name, err, r)
			continue
		}
		if name == "zip with junk" != r.Wrong() {
			t.Errorf("%s: files %+v", name, r.Files)
		}
	}
}

func TestWrongFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, rule, words string }{
		"another file":      {"URN,LinkURN,LinkName,LinkType\n", "not-903", "not a file of the children looked after return"},
		"a column missing":  {"CHILD,SEX,DOB,ETHNIC\n", "missing-columns", "Header table of the children looked after return (SSDA903), but lacks the column UPN"},
		"columns missing":   {"CHILD,DECOM,RNE,CIN,PLACE,DEC\n", "missing-columns", "Episodes table of the children looked after return (SSDA903), but lacks the columns LS, REC"},
		"reviews alone":     {"CHILD,DOB,REVIEW,REVIEW_CODE\n", "no-header-table", "looks like the Reviews table"},
		"column twice":      {"CHILD,SEX,DOB,ETHNIC,UPN,UPN\n", "column-twice", "UPN"},
		"unclosed quote":    {headerHead + "\"C1,1,01/02/2010\n", "unclosed-quote", "line 2"},
		"another XML":       {"<Message></Message>", "not-903", "EXPSSDA903"},
		"cut XML":           {"<EXPSSDA903><CHILD>", "bad-xml", "cut off"},
		"entities":          {"<!DOCTYPE x [<!ENTITY a \"b\">]><EXPSSDA903/>", "xml-directive", "line 1"},
		"undeclared entity": {"<EXPSSDA903><CHILD>&a;</CHILD></EXPSSDA903>", "bad-xml", "line 1"},
		"deep XML":          {"<EXPSSDA903>" + strings.Repeat("<x>", 20) + strings.Repeat("</x>", 20) + "</EXPSSDA903>", "too-deep", "line 1"},
		"long value":        {"<EXPSSDA903><CHILD><HEADER><CHILDID>" + strings.Repeat("x", 5000) + "</CHILDID></HEADER></CHILD></EXPSSDA903>", "long-value", "line 1"},
	} {
		_, err := parts(t, "x", c.content)
		var refused *table.FileError
		if !errors.As(err, &refused) || refused.Rule != c.rule || !strings.Contains(refused.Text, c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ssda903.Read(nil, today); err == nil {
		t.Error("no file at all is read")
	}
	// A wrong file beside good ones does not stop them, but the return says so.
	r := mustRead(t, "a", oneChild, "b", "x,y\n1,2\n", "c", oneChild, "d", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nC1,01/02/2010,YES,F1,B1\n")
	if !r.Wrong() || len(r.Children) != 1 || len(r.Files) != 4 || r.Files[3].State != ssda903.StateAside || r.Files[3].Rows != 1 {
		t.Errorf("%+v", r.Files)
	}
	expect(t, r, "b:1  not-903 error", "c:0  table-twice error", "d:0  set-aside info")
}

func TestSetAside(t *testing.T) {
	t.Parallel()
	for _, head := range []string{
		"CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
		"CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED", "CHILD,DOB,MISSING,MIS_START,MIS_END",
		"CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON", "CHILD,DOB,DOLO_START,DOLO_END",
	} {
		r := mustRead(t, "h", oneChild, "x", head+"\n")
		if r.Wrong() || r.Files[1].State != ssda903.StateAside || !strings.Contains(r.Files[1].Text, "is not read.") || r.Child("C1").Standing != ssda903.Good {
			t.Errorf("%s: %+v", head, r.Files)
		}
	}
}

func TestOtherTables(t *testing.T) {
	t.Parallel()
	r := mustRead(t, "a-h", oneChild+"C2,2,03/04/2012,BAFR,UN2,,\nC3,1,03/04/2012,BAFR,UN2,,\nC4,1,03/04/2012,BAFR,UN2,,\n",
		"b-e", episodesHead+"C1,01/05/2024,S,C2,N1,U6,PR1,,,,,,\n",
		"c-r", "CHILD,DOB,REVIEW,REVIEW_CODE\nC1,01/02/2010,01/06/2024,PN1\nC1,01/02/2010,01/06/2024,PN2\nC1,01/02/2010,,PN1\n"+
			"C1,01/02/2010,02/06/2024,\nC1,01/02/2010,03/06/2024,PN9\nC9,01/02/2010,01/06/2024,PN1\nC1,01/02/2010,01/06/2030,PN1\nC3,04/04/2012,01/06/2024,PN1\n",
		"d-u", "CHILD,SEX,DOB,DUC\nC2,2,03/04/2012,03/04/2030\n",
		"e-o", "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED\nC1,01/02/2010,17,,1\nC2,03/04/2012,,SDQ2,1\nC3,03/04/2012,41,,\nC4,03/04/2012,,,\n",
		"f-p", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\nC1,01/02/2010,P2,332,zz/zz/2015\nC2,03/04/2012,Z1,,\nC4,xx,P1,,01/01/2016\n")
	expect(t, r,
		"c-r:3 REVIEW review-twice warning", "c-r:4 REVIEW no-date error", "c-r:5 REVIEW_CODE no-code error", "c-r:6 REVIEW_CODE unknown-code warning",
		"c-r:7 CHILD not-in-header error", "c-r:8 REVIEW in-future warning", "c-r:9 DOB birth-dates-differ error",
		"e-o:4 SDQ_SCORE bad-score error", "f-p:4 DOB bad-date warning")
	one, two, three, four := r.Child("C1"), r.Child("C2"), r.Child("C3"), r.Child("C4")
	if len(one.Reviews) != 3 || one.Reviews[0].Code != "PN1" || !returncode.TookPart("PN1") || returncode.TookPart("PN4") {
		t.Errorf("reviews %+v", one.Reviews)
	}
	if s := one.SDQ; s == nil || !s.Scored || s.Score != 17 || s.Year != 2025 || two.SDQ.Scored || two.SDQ.Reason != "SDQ2" || three.SDQ != nil || four.SDQ != nil {
		t.Errorf("scores %+v %+v", one.SDQ, two.SDQ)
	}
	if !two.Unaccompanied || two.UnaccompaniedUntil.String() != "2030-04-03" || one.Unaccompanied {
		t.Errorf("unaccompanied %+v", two)
	}
	if p := one.PreviousPermanence; p == nil || p.Code != "P2" || !p.Date.IsZero() || four.PreviousPermanence.Date.String() != "2016-01-01" {
		t.Errorf("permanence %+v", p)
	}
	if three.Standing != ssda903.Rejected || four.Standing != ssda903.Warned || two.Standing != ssda903.Good {
		t.Errorf("standings %s %s %s", three.Standing, four.Standing, two.Standing)
	}
}

func TestEpisodeProblems(t *testing.T) {
	t.Parallel()
	r := mustRead(t, "a", oneChild+"C2,1,03/04/2020,BAFR,UN2,,\nC3,1,03/04/2012,BAFR,UN2,,\nC4,1,03/04/2012,BAFR,UN2,,\nC5,1,03/04/2012,BAFR,UN2,,\n",
		"b", episodesHead+
			"C9,01/05/2024,S,C2,N1,U6,PR1,,,,,,\n"+ // 2
			"C1,,S,C2,N1,U6,PR1,,,,,,\n"+ // 3
			"C1,01/05/24,S,C2,N1,U6,PR1,,,,,,\n"+ // 4
			"C1,01/05/2024,S,C2,N1,U6,PR1,30/04/2024,E4A,,,,\n"+ // 5
			"C1,01/05/2024,S,C2,N1,U6,PR1,,,,,,\n"+ // 6 good
			"C1,01/05/2024,S,C2,N1,U6,PR1,,,,,,\n"+ // 7 the same
			"C2,01/05/2019,S,XX,N1,H5,PR1,01/05/2024,E4A,,,,\n"+ // 8 before birth, unknown
			"C2,01/05/2024,S,C2,N1,H5,PR1,01/06/2031,E43,,,,\n"+ // 9 codes out of date, future end
			"C3,01/05/2030,S,C2,N1,U6,PR1,,E4A,,,,\n"+ // 10
			"C4,01/05/2024,S,,N1,U6,PR1,01/06/2024,,,,,\n"+ // 11
			"C5,01/05/2024,S,C2,N1,U6,PR1,,,,,,\n"+ // 12
			"C5,01/07/2024,L,C2,N1,U6,PR1,,,,,,\n") // 13
	expect(t, r,
		"b:2 CHILD not-in-header error", "b:3 DECOM no-start error", "b:4 DECOM bad-date error", "b:5 DEC ends-before-start error", "b:7 DECOM episode-twice warning",
		"b:8 DECOM before-birth warning", "b:8 LS unknown-code warning",
		"b:9 DEC in-future warning", "b:9 PLACE code-out-of-date warning", "b:9 REC code-out-of-date warning",
		"b:10 DECOM in-future warning", "b:10 REC reason-without-end info",
		"b:11 LS no-legal-status warning", "b:11 REC end-without-reason warning", "b:13 DEC two-open error")
	if c := r.Child("C1"); len(c.Episodes) != 1 || c.Standing != ssda903.Contested || len(c.Reasons) != 3 {
		t.Errorf("%+v", c)
	}
	if c := r.Child("C5"); c.Standing != ssda903.Contested || len(c.Timeline.Care) != 1 || !c.Timeline.InCare(today) {
		t.Errorf("%+v", c)
	}
	if c := r.Child("C2"); c.Timeline.LegalStatuses[0].Code != "XX" {
		t.Errorf("an unknown code is not kept: %+v", c.Timeline)
	}
}

const document = `<?xml version="1.0" encoding="ISO-8859-1"?>
<x:EXPSSDA903 xmlns:x="urn:x"> stray
 <CHILD>
  <HEADER>
   <CHILDID>C1</CHILDID><UPN>B801200005001</UPN><SEX>1</SEX><DOB>01/02/2010</DOB><ETHNIC>WBRI</ETHNIC>
   <UASC>1</UASC><DUC>01/02/2028</DUC><MOTHER>1</MOTHER>
   <AREVIEW><REVIEW>01/06/2024</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
   <AREVIEW><REVIEW>never</REVIEW>
     <REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
   <PERMANENCE><PREV_PERM>P1</PREV_PERM><DATE_PERM>01/01/2016</DATE_PERM></PERMANENCE>
   <OC2><SDQ_SCORE>9</SDQ_SCORE><CONVICTED>1</CONVICTED></OC2>
   <AMISSING><MISSING>M</MISSING></AMISSING>
  </HEADER>
  and more
  <EPISODE><DECOM>01/05/2024</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL>
   <PLACE_PROVIDER>PR9</PLACE_PROVIDER><DEC/><REC/></EPISODE>
 </CHILD>
 <CHILD><HEADER><CHILDID>C2</CHILDID><SEX>2</SEX><DOB>01/02/2011</DOB><UASC>0</UASC></HEADER></CHILD>
</x:EXPSSDA903>`

func TestXML(t *testing.T) {
	t.Parallel()
	r := mustRead(t, "x", document)
	expect(t, r, "x:0  set-aside info", "x:8 REVIEW bad-date error", "x:16 PLACE_PROVIDER unknown-code warning", "x:18 UPN upn-none info")
	c := r.Child("C1")
	if len(r.Children) != 2 || c.UPNQuality != identifier.Valid || !c.Unaccompanied || c.UnaccompaniedUntil.String() != "2028-02-01" || len(c.Reviews) != 1 ||
		c.SDQ == nil || c.SDQ.Score != 9 || c.SDQ.Year != 2025 || c.PreviousPermanence.Code != "P1" || len(c.Episodes) != 1 || c.Episodes[0].Placement != "U6" || c.Standing != ssda903.Warned {
		t.Errorf("%+v", c)
	}
	if c := r.Child("C2"); c.Unaccompanied || c.Standing != ssda903.Good {
		t.Errorf("%+v", c)
	}
	if r.Files[0].Kind != ssda903.WholeReturn || r.Files[0].Rows != 2 {
		t.Errorf("%+v", r.Files)
	}
}

// TestNotTakenIn: what the program has no right to is nowhere in what it reads.
func TestNotTakenIn(t *testing.T) {
	t.Parallel()
	r := mustRead(t, "h", headerHead+"C1,2,01/02/2010,WBRI,B801200005001,1,05/05/2025\n",
		"e", episodesHead+"C1,01/05/2024,S,C2,N1,U6,PR1,,,,ZZ99 1AA,YY88 2BB,SC123456\n",
		"o", "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,SUBSTANCE_MISUSE\nC1,01/02/2010,17,,CONVICTMARK,MISUSEMARK\n")
	c := r.Child("C1")
	shown := fmt.Sprintf("%+v %+v", c.Timeline.Care, c.SDQ) + fmt.Sprintf("%+v", r.Problems)
	for _, mark := range []string{"CONVICTMARK", "MISUSEMARK", "ZZ99", "05/05/2025", "2025-05-05"} {
		if strings.Contains(shown+fmt.Sprintf("%+v %+v", c.Episodes, *c), mark) {
			t.Errorf("%s was taken in", mark)
		}
	}
}

// TestXMLOnOneLine: many systems write the whole return on one line, which must
// not put one child's problem on another.
func TestXMLOnOneLine(t *testing.T) {
	t.Parallel()
	r := mustRead(t, "x", strings.ReplaceAll(document, "\n", " "))
	if r.Child("C1").Standing != ssda903.Warned || r.Child("C2").Standing != ssda903.Good {
		t.Errorf("standings %s %s", r.Child("C1").Standing, r.Child("C2").Standing)
	}
	for _, p := range r.Problems {
		if want := map[string]string{"bad-date": "C1", "unknown-code": "C1", "upn-none": "C2"}[p.Rule]; p.About != want {
			t.Errorf("%s is about %q, want %q", p.Rule, p.About, want)
		}
	}
}
