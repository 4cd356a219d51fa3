"""How do sources become notebooks?"""
