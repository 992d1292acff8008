drop table access_request_child;
drop table access_request;
