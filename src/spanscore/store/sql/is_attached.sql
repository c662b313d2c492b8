SELECT EXISTS (SELECT 1 FROM attachments WHERE key = ?)
