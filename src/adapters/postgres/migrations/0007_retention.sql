-- Who hears of ends, and of other things that are no webhook: read every second by each process.
create index triggers_listening on triggers (type) where type not in ('webhook', 'manual');
