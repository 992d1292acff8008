drop table wish_answer, wish, voice_reply, voice_link;
drop procedure protect_audience;
