-- Where a visitor may be answered, if they said. Forgotten as soon as their report is decided on, or answered.
alter table intake add column email text;
-- The same while the answer to a decided report has not gone out.
alter table intake add column answer_to text;
