drop table access_answer;
