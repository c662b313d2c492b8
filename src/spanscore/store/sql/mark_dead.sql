UPDATE blocks SET dead = dead | ? WHERE id = ?
