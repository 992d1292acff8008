drop table suspension, attendance_half_term;
