alter table pep drop column school_year, drop column circumstances;
