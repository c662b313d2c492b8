SELECT count, total, squares, is_binary FROM matched WHERE side = 0 AND name = :name
