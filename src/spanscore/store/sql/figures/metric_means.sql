SELECT name, sum(total) / sum(count) FROM grouped WHERE side = :side AND is_metric GROUP BY name
