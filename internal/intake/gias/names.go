package gias

// The register's codes by name, for extracts that give only the names. Types are
// those of the register in April 2025 (Open Government Licence), with the older
// spellings of 2017.

var statusNames = map[string]Status{
	"open": Open, "closed": Closed, "openbutproposedtoclose": Closing, "proposedtoopen": Proposed,
}

var statusCodes = map[int]Status{1: Open, 2: Closed, 3: Closing, 4: Proposed}

var phaseNames = map[string]int{
	"notapplicable": 0, "nursery": 1, "primary": 2, "middledeemedprimary": 3, "secondary": 4,
	"middledeemedsecondary": 5, "16plus": 6, "allthrough": 7,
}

var typeNames = map[string]int{
	"communityschool":                              1,
	"voluntaryaidedschool":                         2,
	"voluntarycontrolledschool":                    3,
	"foundationschool":                             5,
	"citytechnologycollege":                        6,
	"communityspecialschool":                       7,
	"nonmaintainedspecialschool":                   8,
	"otherindependentspecialschool":                10,
	"otherindependentschool":                       11,
	"foundationspecialschool":                      12,
	"pupilreferralunit":                            14,
	"localauthoritynurseryschool":                  15,
	"lanurseryschool":                              15,
	"furthereducation":                             18,
	"secureunits":                                  24,
	"offshoreschools":                              25,
	"servicechildrenseducation":                    26,
	"miscellaneous":                                27,
	"academysponsorled":                            28,
	"highereducationinstitutions":                  29,
	"welshestablishment":                           30,
	"sixthformcentres":                             31,
	"specialpost16institution":                     32,
	"academyspecialsponsorled":                     33,
	"academyconverter":                             34,
	"freeschools":                                  35,
	"freeschoolsspecial":                           36,
	"britishschoolsoverseas":                       37,
	"freeschoolsalternativeprovision":              38,
	"freeschools16to19":                            39,
	"universitytechnicalcollege":                   40,
	"studioschools":                                41,
	"academyalternativeprovisionconverter":         42,
	"academyalternativeprovisionsponsorled":        43,
	"academyspecialconverter":                      44,
	"academy1619converter":                         45,
	"academy16to19sponsorled":                      46,
	"onlineprovider":                               49,
	"institutionfundedbyothergovernmentdepartment": 56,
	"academysecure16to19":                          57,
}
