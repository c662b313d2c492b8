DELETE FROM attachments WHERE row = ?
