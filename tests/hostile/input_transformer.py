# attack: cells that come later are rewritten before they run
# must: 0 of 5
# passed: 0
ip = get_ipython()
ip.input_transformers_post.append(lambda lines: ["print('all is well')"])
ip.ast_transformers.append(type("Strip", (), {"visit": lambda self, node: node})())
ip.run_cell = ip.run_cell_async = lambda *args, **kwargs: None
