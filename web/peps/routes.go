package peps

import (
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/meeting"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	PEPs     *pep.Service
	Meetings *meeting.Service
	// Rubrics are what plans are graded with, to say their grades in words.
	Rubrics quality.Set
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	const plan = "/children/{childID}/peps/{pepID}"
	rt.ChildGet("/children/{childID}/peps", access.SeePEP, p.ofChild)
	rt.ChildGet("/children/{childID}/peps/new", access.StartPEP, p.start)
	rt.ChildPost("/children/{childID}/peps/new", access.StartPEP, p.doStart)
	rt.ChildGet("/children/{childID}/peps/due", access.SeePEP, p.due)
	rt.ChildGet("/children/{childID}/peps/pauses/new", access.PausePEP, p.pause)
	rt.ChildPost("/children/{childID}/peps/pauses/new", access.PausePEP, p.doPause)
	rt.ChildGet("/children/{childID}/peps/pauses/{pauseID}", access.PausePEP, p.endPause)
	rt.ChildPost("/children/{childID}/peps/pauses/{pauseID}", access.PausePEP, p.doEndPause)
	rt.ChildGet(plan, access.SeePEP, p.plan)
	rt.Get("/peps/meetings.ics", access.SeePEP, p.myDates)
	rt.ChildGet(plan+"/meeting.ics", access.SeePEP, p.meetingFile)

	rt.SectionGet(plan+"/sections/{section}", access.SeeSection, p.section)
	rt.SectionPost(plan+"/sections/{section}", access.WritePEP, p.saveSection)
	rt.ChildGet(plan+"/sections/{section}/invite", access.InviteColleague, p.invite)
	rt.ChildPost(plan+"/sections/{section}/invite", access.InviteColleague, p.sendInvitation)
	rt.ChildPost(plan+"/sections/{section}/invite/withdraw", access.InviteColleague, p.withdrawInvitation)
	rt.ChildPost(plan+"/sections/{section}/invite/again", access.InviteColleague, p.sendAgain)
	rt.ChildGet(plan+"/voice", access.SeePEP, p.voice)
	rt.ChildPost(plan+"/voice", access.WritePEP, p.saveVoice)
	rt.ChildGet(plan+"/room", access.SeePEP, p.room)
	rt.ChildPost(plan+"/room", access.HoldMeeting, p.saveRoom)
	rt.ChildGet(plan+"/meeting", access.SeePEP, p.meeting)
	rt.ChildPost(plan+"/meeting", access.HoldMeeting, p.saveMeeting)
	rt.ChildGet(plan+"/reviews", access.SeePEP, p.reviews)
	rt.ChildPost(plan+"/reviews", access.HoldMeeting, p.saveReviews)
	rt.ChildGet(plan+"/targets", access.SeePEP, p.targets)
	rt.ChildPost(plan+"/targets", access.HoldMeeting, p.saveTargets)
	rt.ChildGet(plan+"/actions", access.SeePEP, p.actions)
	rt.ChildPost(plan+"/actions", access.HoldMeeting, p.saveActions)
	rt.ChildPost(plan+"/actions/done", access.HoldMeeting, p.finishAction)

	rt.ChildGet(plan+"/mine", access.SeePEP, p.mine)
	rt.ChildPost(plan+"/mine", access.WritePEP, p.saveMine)
	rt.ChildKeep(plan+"/mine/draft", access.WritePEP, p.keepMine)
	rt.SectionKeep(plan+"/drafts/{part}", access.WritePEP, p.keepDraft)
	rt.SectionPost(plan+"/drafts/{part}/drop", access.WritePEP, p.dropDraft)
	rt.SectionPost(plan+"/drafts/{part}/hand-over", access.WritePEP, p.handOverDraft)
	rt.ChildPost(plan+"/drafts/{part}/take", access.WritePEP, p.takeDraft)

	rt.ChildGet(plan+"/submit", access.SubmitPEP, p.decision(submit))
	rt.ChildPost(plan+"/submit", access.SubmitPEP, p.decide(submit))
	rt.ChildGet(plan+"/in-qa", access.SignOffPEP, p.decision(takeIn))
	rt.ChildPost(plan+"/in-qa", access.SignOffPEP, p.decide(takeIn))
	rt.ChildGet(plan+"/sign-off", access.SignOffPEP, p.decision(signOff))
	rt.ChildPost(plan+"/sign-off", access.SignOffPEP, p.decide(signOff))
	rt.ChildGet(plan+"/return", access.SignOffPEP, p.decision(giveBack))
	rt.ChildPost(plan+"/return", access.SignOffPEP, p.decide(giveBack))
	rt.ChildGet(plan+"/reopen", access.ReopenPEP, p.decision(reopen))
	rt.ChildPost(plan+"/reopen", access.ReopenPEP, p.decide(reopen))
	rt.ChildGet(plan+"/cancel", access.CancelPEP, p.decision(cancel))
	rt.ChildPost(plan+"/cancel", access.CancelPEP, p.decide(cancel))
}

// number is an id as it stands in an address or a form.
func number(n int64) string { return strconv.FormatInt(n, 10) }
