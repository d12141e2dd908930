-- What was decided of a channel lately: its feed reads the latest of some hundred thousand boxes.
create index status_latest_of_channel on status (channel, version desc);
